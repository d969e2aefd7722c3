using System.Security.Cryptography;
using System.Text;

using Jeju.Infra.Core;

using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Jeju.Infra.Marketplace.Credentials;

/// <summary>
/// The consumer's X25519 key, for which credentials are sealed. It is derived from the consumer's account key, never that key itself: whoever
/// learns it can read credentials and nothing else.
/// </summary>
public sealed class EncryptionKey
{
    private const int Length = 32;
    private static readonly byte[] Label = Encoding.ASCII.GetBytes("jeju/credentials/v1");

    private readonly byte[] _privateKey;

    private EncryptionKey(byte[] privateKey)
    {
        _privateKey = privateKey;
        byte[] publicKey = new byte[Length];
        X25519.ScalarMultBase(privateKey, 0, publicKey, 0);
        PublicKey = Bytes32.FromBytes(publicKey);
    }

    /// <summary>The public half, which is part of every order.</summary>
    public Bytes32 PublicKey { get; }

    /// <summary>Derives the key by HKDF-SHA256 from a software account key: the same account has the same key on one chain, another on the next.</summary>
    /// <param name="accountKey">The secp256k1 private key, 32 bytes.</param>
    /// <param name="chain">The settlement chain.</param>
    public static EncryptionKey Derive(ReadOnlySpan<byte> accountKey, ChainId chain)
    {
        byte[] info = [.. Label, .. BitConverter.GetBytes(chain.Value)];
        if (!BitConverter.IsLittleEndian)
        {
            Array.Reverse(info, Label.Length, sizeof(ulong));
        }

        byte[] derived = new byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, accountKey, derived, salt: [], info);
        return new EncryptionKey(derived);
    }

    /// <summary>Takes a key that is given as a secret, for accounts whose key never leaves a KMS.</summary>
    /// <param name="privateKey">32 random bytes.</param>
    public static EncryptionKey FromPrivateKey(ReadOnlySpan<byte> privateKey) => privateKey.Length == Length
        ? new EncryptionKey(privateKey.ToArray())
        : throw new ArgumentException($"An X25519 key has {Length} bytes, not {privateKey.Length}.", nameof(privateKey));

    /// <summary>The secret that this key and another party's public key share; false where that key is one of the few that give no secret.</summary>
    internal bool TryAgree(ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        byte[] result = new byte[Length];
        bool agreed = X25519.CalculateAgreement(_privateKey, 0, publicKey.ToArray(), 0, result, 0);
        result.CopyTo(shared);
        CryptographicOperations.ZeroMemory(result);
        return agreed;
    }
}
