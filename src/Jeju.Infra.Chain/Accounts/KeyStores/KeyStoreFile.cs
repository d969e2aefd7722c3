using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.KeyStores;

/// <summary>
/// An encrypted key in the Web3 Secret Storage format, version 3: what geth, cast, Nethereum and most wallets write. The key is encrypted with
/// AES-128-CTR under one half of what scrypt or PBKDF2 makes of the passphrase; the other half authenticates the ciphertext.
/// </summary>
public sealed class KeyStoreFile
{
    private const int KeyLength = 32;
    private const int SupportedVersion = 3;
    private const string Cipher = "aes-128-ctr";

    // What scrypt may take, 128 * n * r: geth's standard is 256 MiB, and a file from somewhere else must not take the whole machine.
    private const long MaximumScryptMemory = 1L << 30;
    private const int MaximumIterations = 100_000_000;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Document _document;

    private KeyStoreFile(Document document) => _document = document;

    /// <summary>The account, where the file says it.</summary>
    public Address? Address => Core.Address.TryParse(_document.Address, out Address address) ? address : null;

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(_document, Format);

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="InfraException">JEJU0313: it is no key store of version 3.</exception>
    public static KeyStoreFile Parse(string text, string source)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(text);
        }
        catch (JsonException exception)
        {
            throw Unreadable($"{source} is no key store: {exception.Message}", exception);
        }

        if (document is not { Version: SupportedVersion, Crypto: { CipherParameters: not null, DerivationParameters: not null } crypto })
        {
            throw Unreadable($"{source} is no key store of version {SupportedVersion}.");
        }

        return crypto.Cipher == Cipher && crypto.Derivation is "scrypt" or "pbkdf2"
            ? new KeyStoreFile(document)
            : throw Unreadable($"{source} uses cipher '{crypto.Cipher}' and derivation '{crypto.Derivation}'; {Cipher} with scrypt or pbkdf2 can be read.");
    }

    /// <summary>Encrypts a key.</summary>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="account">Its account, which is written beside it in the clear.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="cost">How hard each guess of the passphrase is to be.</param>
    public static KeyStoreFile Encrypt(ReadOnlySpan<byte> privateKey, Address account, string passphrase, KeyStoreCost cost)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(KeyLength);
        byte[] vector = RandomNumberGenerator.GetBytes(16);
        DerivationParameters parameters = cost.Iterations is { } iterations
            ? new DerivationParameters { Length = KeyLength, Salt = Hex(salt), Iterations = iterations, Hash = "hmac-sha256" }
            : new DerivationParameters { Length = KeyLength, Salt = Hex(salt), Cost = cost.ScryptCost, BlockSize = 8, Parallelization = 1 };
        byte[] derived = Derive(parameters, passphrase, "the new key store");
        byte[] ciphertext = Transform(derived, vector, privateKey.ToArray());
        return new KeyStoreFile(new Document
        {
            Version = SupportedVersion,
            Id = new Guid(RandomNumberGenerator.GetBytes(16)).ToString(),
            Address = account.ToString()[2..],
            Crypto = new CryptoSection
            {
                Cipher = Cipher,
                CipherText = Hex(ciphertext),
                CipherParameters = new CipherParameters { Vector = Hex(vector) },
                Derivation = cost.Iterations is null ? "scrypt" : "pbkdf2",
                DerivationParameters = parameters,
                Authentication = Hex(Authenticate(derived, ciphertext)),
            },
        });
    }

    /// <summary>Decrypts the key.</summary>
    /// <param name="passphrase">The passphrase; it appears in no message.</param>
    /// <param name="source">Where the file is, for messages.</param>
    /// <exception cref="InfraException">JEJU0313: the passphrase is wrong, or the file was changed.</exception>
    public byte[] Decrypt(string passphrase, string source)
    {
        CryptoSection crypto = _document.Crypto;
        byte[] derived = Derive(crypto.DerivationParameters, passphrase, source);
        byte[] ciphertext = Bytes(crypto.CipherText, source);
        if (!CryptographicOperations.FixedTimeEquals(Authenticate(derived, ciphertext), Bytes(crypto.Authentication, source)))
        {
            throw new InfraException(
                ChainErrors.KeyStoreCode,
                $"The passphrase does not open {source}, or the file was changed.",
                "Give the passphrase with which it was made.",
                FailureKind.Usage);
        }

        byte[] key = Transform(derived, Bytes(crypto.CipherParameters.Vector, source), ciphertext);
        CryptographicOperations.ZeroMemory(derived);
        return key;
    }

    private static byte[] Derive(DerivationParameters parameters, string passphrase, string source)
    {
        byte[] secret = Encoding.UTF8.GetBytes(passphrase);
        byte[] salt = Bytes(parameters.Salt, source);
        if (parameters.Length < KeyLength || parameters.Length > 64)
        {
            throw Unreadable($"{source} derives a key of {parameters.Length} bytes; it must be {KeyLength}.");
        }

        if (parameters.Iterations is { } iterations)
        {
            return parameters.Hash == "hmac-sha256" && iterations is > 0 and <= MaximumIterations
                ? Rfc2898DeriveBytes.Pbkdf2(secret, salt, iterations, HashAlgorithmName.SHA256, parameters.Length)
                : throw Unreadable($"{source} uses PBKDF2 with '{parameters.Hash}' and {iterations} iterations, which cannot be read.");
        }

        (int cost, int blockSize, int parallelization) = (parameters.Cost ?? 0, parameters.BlockSize ?? 0, parameters.Parallelization ?? 0);
        return cost > 1 && int.IsPow2(cost) && blockSize > 0 && parallelization is > 0 and <= 64 && 128L * cost * blockSize <= MaximumScryptMemory
            ? Org.BouncyCastle.Crypto.Generators.SCrypt.Generate(secret, salt, cost, blockSize, parallelization, parameters.Length)
            : throw Unreadable($"{source} uses scrypt with n={cost}, r={blockSize}, p={parallelization}, which is malformed or takes more than 1 GiB.");
    }

    private static byte[] Authenticate(byte[] derived, byte[] ciphertext) => Keccak.Hash([.. derived[16..32], .. ciphertext]).ToBytes();

    /// <summary>AES in counter mode: the same operation encrypts and decrypts.</summary>
    private static byte[] Transform(byte[] derived, byte[] vector, byte[] input)
    {
        Org.BouncyCastle.Crypto.IBufferedCipher cipher = Org.BouncyCastle.Security.CipherUtilities.GetCipher("AES/CTR/NoPadding");
        cipher.Init(true, new Org.BouncyCastle.Crypto.Parameters.ParametersWithIV(new Org.BouncyCastle.Crypto.Parameters.KeyParameter(derived, 0, 16), vector));
        return cipher.DoFinal(input);
    }

    private static byte[] Bytes(string text, string source)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException exception)
        {
            throw Unreadable($"{source} holds something that is not hexadecimal.", exception);
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static InfraException Unreadable(string what, Exception? cause = null) => new(
        ChainErrors.KeyStoreCode, what, "Use a file in the Web3 Secret Storage format, as geth and cast write it.", FailureKind.Usage, cause);

    // Some writers say "Crypto", and addresses come with and without 0x.
    private sealed record Document
    {
        [JsonPropertyName("version")]
        public int Version { get; init; }

        [JsonPropertyName("id")]
        public string? Id { get; init; }

        [JsonPropertyName("address")]
        public string? Address { get; init; }

        [JsonPropertyName("crypto")]
        public CryptoSection Crypto { get; init; } = null!;

        [JsonPropertyName("Crypto")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public CryptoSection? CapitalCrypto
        {
            get => null;
            init => Crypto = value ?? Crypto;
        }
    }

    private sealed record CryptoSection
    {
        [JsonPropertyName("cipher")]
        public string Cipher { get; init; } = string.Empty;

        [JsonPropertyName("ciphertext")]
        public string CipherText { get; init; } = string.Empty;

        [JsonPropertyName("cipherparams")]
        public CipherParameters CipherParameters { get; init; } = null!;

        [JsonPropertyName("kdf")]
        public string Derivation { get; init; } = string.Empty;

        [JsonPropertyName("kdfparams")]
        public DerivationParameters DerivationParameters { get; init; } = null!;

        [JsonPropertyName("mac")]
        public string Authentication { get; init; } = string.Empty;
    }

    private sealed record CipherParameters
    {
        [JsonPropertyName("iv")]
        public string Vector { get; init; } = string.Empty;
    }

    private sealed record DerivationParameters
    {
        [JsonPropertyName("dklen")]
        public int Length { get; init; }

        [JsonPropertyName("salt")]
        public string Salt { get; init; } = string.Empty;

        [JsonPropertyName("n")]
        public int? Cost { get; init; }

        [JsonPropertyName("r")]
        public int? BlockSize { get; init; }

        [JsonPropertyName("p")]
        public int? Parallelization { get; init; }

        [JsonPropertyName("c")]
        public int? Iterations { get; init; }

        [JsonPropertyName("prf")]
        public string? Hash { get; init; }
    }
}

/// <summary>What a guess at a key store's passphrase costs.</summary>
/// <param name="ScryptCost">The cost of scrypt, a power of two; 2^18 takes a quarter of a gigabyte and about a second.</param>
/// <param name="Iterations">The iterations of PBKDF2 where that is used instead.</param>
public sealed record KeyStoreCost(int ScryptCost, int? Iterations = null)
{
    /// <summary>What geth and cast use.</summary>
    public static KeyStoreCost Standard { get; } = new(1 << 18);
}
