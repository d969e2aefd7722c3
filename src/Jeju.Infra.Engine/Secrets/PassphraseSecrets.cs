using System.Security.Cryptography;
using System.Text;

namespace Jeju.Infra.Engine.Secrets;

/// <summary>
/// Encrypts values with a key derived from a passphrase, in the form that Pulumi's passphrase provider writes and reads:
/// PBKDF2-HMAC-SHA256 with 1,000,000 iterations over an 8-byte salt, then AES-256-GCM with a fresh 12-byte nonce.
/// </summary>
public sealed class PassphraseSecrets
{
    private const int Iterations = 1_000_000;
    private const int KeyLength = 32;
    private const int SaltLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const string Version = "v1";

    /// <summary>What the salt text holds encrypted, so that a wrong passphrase is noticed before anything is decrypted with it.</summary>
    private const string KnownText = "pulumi";

    private readonly byte[] _key;

    private PassphraseSecrets(byte[] key, string salt)
    {
        _key = key;
        Salt = salt;
    }

    /// <summary>The salt with the proof of the passphrase: <c>encryptionsalt</c> of the stack settings, <c>state.salt</c> of the state.</summary>
    public string Salt { get; }

    /// <summary>Derives a new key. Takes a good part of a second of computing.</summary>
    public static PassphraseSecrets Create(string passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var key = Derive(passphrase, salt);
        return new PassphraseSecrets(key, $"{Version}:{Convert.ToBase64String(salt)}:{Encrypt(key, KnownText)}");
    }

    /// <summary>Uses a key that was derived before; null where it is not that of the salt.</summary>
    internal static PassphraseSecrets? TryOpen(byte[] key, string salt)
    {
        try
        {
            return key.Length == KeyLength && salt.Split(':', 3) is [Version, _, var proof] && Decrypt(key, proof) == KnownText ? new PassphraseSecrets(key, salt) : null;
        }
        catch (Exception wrong) when (wrong is AuthenticationTagMismatchException or Core.InfraException)
        {
            return null;
        }
    }

    /// <summary>Keeps the key where the next run finds it.</summary>
    internal void KeepIn(DerivedKeyFile file) => file.Keep(Salt, _key);

    /// <summary>Derives the key of an existing salt. Takes a good part of a second of computing.</summary>
    /// <exception cref="Core.InfraException">JEJU0106: the passphrase is wrong; JEJU0108: the salt is malformed.</exception>
    public static PassphraseSecrets Open(string passphrase, string salt)
    {
        var parts = salt.Split(':', 3);
        if (parts.Length != 3 || parts[0] != Version)
        {
            throw EngineErrors.CipherText();
        }

        byte[] saltBytes;
        try
        {
            saltBytes = Convert.FromBase64String(parts[1]);
        }
        catch (FormatException exception)
        {
            throw EngineErrors.CipherText(exception);
        }

        var key = Derive(passphrase, saltBytes);
        try
        {
            if (Decrypt(key, parts[2]) != KnownText)
            {
                throw EngineErrors.PassphraseWrong();
            }
        }
        catch (AuthenticationTagMismatchException)
        {
            throw EngineErrors.PassphraseWrong();
        }

        return new PassphraseSecrets(key, salt);
    }

    /// <summary>Encrypts a text.</summary>
    public string Encrypt(string plainText) => Encrypt(_key, plainText);

    /// <summary>Decrypts a text.</summary>
    /// <exception cref="Core.InfraException">JEJU0108: it was not encrypted with this key.</exception>
    public string Decrypt(string cipherText)
    {
        try
        {
            return Decrypt(_key, cipherText);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw EngineErrors.CipherText(exception);
        }
    }

    private static byte[] Derive(string passphrase, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, Iterations, HashAlgorithmName.SHA256, KeyLength);

    private static string Encrypt(byte[] key, string plainText)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var plain = Encoding.UTF8.GetBytes(plainText);
        var sealedText = new byte[plain.Length + TagLength];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, plain, sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length));
        return $"{Version}:{Convert.ToBase64String(nonce)}:{Convert.ToBase64String(sealedText)}";
    }

    private static string Decrypt(byte[] key, string cipherText)
    {
        var parts = cipherText.Split(':');
        if (parts.Length != 3 || parts[0] != Version)
        {
            throw EngineErrors.CipherText();
        }

        try
        {
            var nonce = Convert.FromBase64String(parts[1]);
            var sealedText = Convert.FromBase64String(parts[2]);
            if (nonce.Length != NonceLength || sealedText.Length < TagLength)
            {
                throw EngineErrors.CipherText();
            }

            var plain = new byte[sealedText.Length - TagLength];
            using var cipher = new AesGcm(key, TagLength);
            cipher.Decrypt(nonce, sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (FormatException exception)
        {
            throw EngineErrors.CipherText(exception);
        }
    }
}
