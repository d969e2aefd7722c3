using Nethereum.Model;
using Org.BouncyCastle.Math;

namespace Nethereum.Signer;

/// <summary>A signature over a hash; R and S are 32 bytes each.</summary>
public class EthECDSASignature : ISignature
{
    private const int Size = 32;

    public EthECDSASignature(BigInteger r, BigInteger s, byte[] v)
    {
        R = Fixed(r);
        S = Fixed(s);
        V = v;
    }

    public byte[] R { get; }

    public byte[] S { get; }

    public byte[] V { get; set; }

    public static string CreateStringSignature(EthECDSASignature signature)
        => "0x" + Convert.ToHexStringLower([.. signature.R, .. signature.S, .. signature.V]);

    private static byte[] Fixed(BigInteger number)
    {
        var bytes = number.ToByteArrayUnsigned();
        return bytes.Length == Size ? bytes : [.. new byte[Size - bytes.Length], .. bytes];
    }
}

/// <summary>Makes signatures of their parts.</summary>
public static class EthECDSASignatureFactory
{
    public static EthECDSASignature FromComponents(byte[] r, byte[] s, byte[] v) => new(new BigInteger(1, r), new BigInteger(1, s), v);

    public static EthECDSASignature ExtractECDSASignature(string signature)
    {
        var bytes = Nethereum.Hex.HexConvertors.Extensions.HexByteConvertorExtensions.HexToByteArray(signature);
        return FromComponents(bytes[..32], bytes[32..64], bytes[64..]);
    }
}
