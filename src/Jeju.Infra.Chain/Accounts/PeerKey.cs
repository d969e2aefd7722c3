using System.Numerics;
using Nethereum.Signer;

namespace Jeju.Infra.Chain;

/// <summary>
/// The key by which a consensus client is known among its peers, and the peer id that follows from it: the public key on secp256k1 as libp2p writes it, in an identity multihash, in base 58
/// (libp2p specifications, "Peer Ids and Keys").
/// </summary>
public sealed class PeerKey
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int CompressedLength = 33;

    /// <summary>Identity multihash of 37 bytes; field 1: key type 2, secp256k1; field 2: 33 bytes.</summary>
    private static readonly byte[] Prefix = [0x00, 0x25, 0x08, 0x02, 0x12, CompressedLength];

    private PeerKey(EthECKey key)
    {
        PrivateKey = Convert.ToHexStringLower(key.GetPrivateKeyAsBytes());
        PeerId = IdOf(key.GetPubKey(true));
    }

    /// <summary>The private key: 32 bytes in hexadecimal, as op-node reads it from a file.</summary>
    public string PrivateKey { get; }

    /// <summary>The peer id, for example <c>16Uiu2HAm...</c>.</summary>
    public string PeerId { get; }

    /// <summary>A new key.</summary>
    public static PeerKey Generate() => new(EthECKey.GenerateKey());

    /// <summary>The key of 64 hexadecimal digits.</summary>
    /// <exception cref="ArgumentException">They are no private key.</exception>
    public static PeerKey Of(string privateKey) => new(new EthECKey(privateKey));

    /// <summary>The peer id of a public key.</summary>
    /// <param name="compressed">The key in 33 bytes.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public static string IdOf(ReadOnlySpan<byte> compressed)
    {
        if (compressed.Length != CompressedLength)
        {
            throw new ArgumentException($"A compressed public key has {CompressedLength} bytes, not {compressed.Length}.", nameof(compressed));
        }

        // Its first byte is zero, and base 58 writes that as its first digit.
        string digits = "";
        for (BigInteger rest = new([.. Prefix, .. compressed], isUnsigned: true, isBigEndian: true); rest > 0; rest /= Alphabet.Length)
        {
            digits = Alphabet[(int)(rest % Alphabet.Length)] + digits;
        }

        return Alphabet[0] + digits;
    }
}
