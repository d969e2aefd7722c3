using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Credentials;

/// <summary>What a sealed box belongs to. A box that is copied to another order, contract or chain does not open.</summary>
/// <param name="Chain">The settlement chain.</param>
/// <param name="Contract">ExternalChainProvider.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Generation">The order's generation.</param>
public sealed record SealContext(ChainId Chain, Address Contract, Bytes32 OrderId, ulong Generation)
{
    // Fixed lengths, so no two contexts give the same bytes: 8 chain id, 20 contract, 32 order, 8 generation.
    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[sizeof(ulong) + Address.Length + Bytes32.Length + sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Chain.Value);
        Contract.ToBytes().CopyTo(bytes, sizeof(ulong));
        OrderId.ToBytes().CopyTo(bytes, sizeof(ulong) + Address.Length);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(^sizeof(ulong)), Generation);
        return bytes;
    }
}

/// <summary>
/// Seals a lease's credentials for its consumer, so that they can stand on a public chain. X25519 with a fresh key per box, HKDF-SHA256, AES-256-GCM.
/// The box: one byte version, 32 bytes fresh public key, ciphertext, 16 bytes tag. The nonce is zero: every box has a key of its own.
/// </summary>
public static class CredentialSeal
{
    private const byte Version = 1;
    private const int KeyLength = 32;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + KeyLength;

    // Plaintexts are filled up to a multiple of this with spaces, which JSON ignores: the length of a box tells nothing.
    private const int Block = 128;

    private static readonly byte[] Info = Encoding.ASCII.GetBytes("jeju/credentials/seal/v1");

    /// <summary>Seals credentials.</summary>
    /// <param name="credentials">What to seal.</param>
    /// <param name="recipient">The consumer's public key, from the order.</param>
    /// <param name="context">What the box belongs to.</param>
    /// <exception cref="InfraException">JEJU0510: the public key is none with which a secret can be shared.</exception>
    public static byte[] Seal(ServiceCredentials credentials, Bytes32 recipient, SealContext context)
    {
        Span<byte> secret = stackalloc byte[KeyLength];
        RandomNumberGenerator.Fill(secret);
        EncryptionKey fresh = EncryptionKey.FromPrivateKey(secret);
        byte[] recipientKey = recipient.ToBytes();
        byte[] freshKey = fresh.PublicKey.ToBytes();
        Span<byte> key = stackalloc byte[KeyLength];
        if (!TryDeriveKey(fresh, recipientKey, freshKey, recipientKey, key))
        {
            throw new InfraException(
                MarketplaceErrors.CredentialsUnreadable,
                $"The encryption key of order {context.OrderId} is not an X25519 public key.",
                "The consumer must order again with a proper key.");
        }

        byte[] plaintext = Pad(LeaseCredentials.ToBytes(credentials));
        byte[] box = new byte[HeaderLength + plaintext.Length + TagLength];
        box[0] = Version;
        freshKey.CopyTo(box, 1);
        using (AesGcm cipher = new(key, TagLength))
        {
            cipher.Encrypt(
                new byte[AesGcm.NonceByteSizes.MaxSize],
                plaintext,
                box.AsSpan(HeaderLength, plaintext.Length),
                box.AsSpan(HeaderLength + plaintext.Length),
                context.ToBytes());
        }

        CryptographicOperations.ZeroMemory(plaintext);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(secret);
        return box;
    }

    /// <summary>Opens a box.</summary>
    /// <param name="box">The ciphertext from the chain.</param>
    /// <param name="recipient">The consumer's key.</param>
    /// <param name="context">What the box must belong to.</param>
    /// <exception cref="InfraException">JEJU0510: it does not open.</exception>
    public static ServiceCredentials Open(ReadOnlySpan<byte> box, EncryptionKey recipient, SealContext context)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        if (box.Length < HeaderLength + TagLength || box[0] != Version)
        {
            throw Unreadable(context, "it is not a box of this version", null);
        }

        byte[] freshKey = box[1..HeaderLength].ToArray();
        if (!TryDeriveKey(recipient, freshKey, freshKey, recipient.PublicKey.ToBytes(), key))
        {
            throw Unreadable(context, "its public key is not a proper one", null);
        }

        byte[] plaintext = new byte[box.Length - HeaderLength - TagLength];
        try
        {
            using AesGcm cipher = new(key, TagLength);
            cipher.Decrypt(
                new byte[AesGcm.NonceByteSizes.MaxSize], box[HeaderLength..^TagLength], box[^TagLength..], plaintext, context.ToBytes());
        }
        catch (AuthenticationTagMismatchException cause)
        {
            throw Unreadable(context, "it was sealed for another key or another order, or it is damaged", cause);
        }

        ServiceCredentials? credentials = LeaseCredentials.TryRead(plaintext);
        CryptographicOperations.ZeroMemory(plaintext);
        CryptographicOperations.ZeroMemory(key);
        return credentials ?? throw Unreadable(context, "it holds no credentials", null);
    }

    /// <summary>Both public keys enter the key, so that a box is bound to its recipient.</summary>
    private static bool TryDeriveKey(EncryptionKey own, byte[] other, byte[] freshKey, byte[] recipientKey, Span<byte> key)
    {
        Span<byte> shared = stackalloc byte[KeyLength];
        if (!own.TryAgree(other, shared))
        {
            return false;
        }

        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, key, [.. freshKey, .. recipientKey], Info);
        CryptographicOperations.ZeroMemory(shared);
        return true;
    }

    private static byte[] Pad(byte[] text)
    {
        byte[] padded = new byte[(text.Length + Block - 1) / Block * Block];
        padded.AsSpan().Fill((byte)' ');
        text.CopyTo(padded, 0);
        CryptographicOperations.ZeroMemory(text);
        return padded;
    }

    private static InfraException Unreadable(SealContext context, string reason, Exception? cause) => new(
        MarketplaceErrors.CredentialsUnreadable,
        $"The credentials of order {context.OrderId} cannot be opened: {reason}.",
        "Use the key of the account that ordered; the provider can publish the endpoint again.",
        innerException: cause);
}
