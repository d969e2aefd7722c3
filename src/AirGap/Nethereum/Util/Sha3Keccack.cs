using Org.BouncyCastle.Crypto.Digests;

namespace Nethereum.Util;

/// <summary>Keccak-256, the hash of Ethereum.</summary>
public class Sha3Keccack
{
    private const int Bits = 256;

    public static Sha3Keccack Current { get; } = new();

    public byte[] CalculateHash(byte[] value)
    {
        var digest = new KeccakDigest(Bits);
        digest.BlockUpdate(value, 0, value.Length);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash, 0);
        return hash;
    }
}
