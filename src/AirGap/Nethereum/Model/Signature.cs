namespace Nethereum.Model;

/// <summary>The three parts of a recoverable signature.</summary>
public interface ISignature
{
    byte[] R { get; }

    byte[] S { get; }

    byte[] V { get; set; }
}

/// <summary>The three parts of a recoverable signature.</summary>
public class Signature : ISignature
{
    public Signature(byte[] r, byte[] s, byte[] v)
    {
        R = r;
        S = s;
        V = v;
    }

    public byte[] R { get; set; }

    public byte[] S { get; set; }

    public byte[] V { get; set; }
}
