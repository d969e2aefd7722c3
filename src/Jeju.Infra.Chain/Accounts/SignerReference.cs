using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>What holds a key.</summary>
public enum SignerType
{
    /// <summary>One of Anvil's published accounts, by its role; on chain 31337 alone.</summary>
    Development,

    /// <summary>An environment variable; refused on mainnet.</summary>
    Environment,

    /// <summary>The key itself, as a secret; refused on mainnet.</summary>
    PrivateKey,

    /// <summary>An encrypted file of the Web3 Secret Storage format, version 3.</summary>
    Keystore,

    /// <summary>A secp256k1 key in AWS KMS.</summary>
    AwsKms,

    /// <summary>A secp256k1 key version in Google Cloud KMS.</summary>
    GcpKms,
}

/// <summary>Which key signs and where it is, as settings and resource inputs name it.</summary>
public sealed record SignerReference
{
    /// <summary>What holds the key.</summary>
    public required SignerType Type { get; init; }

    /// <summary>
    /// Where in it the key is: a development account's role, a variable's name, a key store's path, a KMS key's id, alias or ARN, or the
    /// resource name of a Cloud KMS key version.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The key itself, for <see cref="SignerType.PrivateKey"/>.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>The account that the key must have.</summary>
    public Address? Address { get; init; }

    /// <summary>The environment variable that holds a key store's passphrase.</summary>
    public string? PassphraseVariable { get; init; }

    /// <summary>The file that holds a key store's passphrase; a line break at its end does not count.</summary>
    public string? PassphraseFile { get; init; }

    /// <summary>The region of an AWS key; that of its ARN, or of the environment, where absent.</summary>
    public string? Region { get; init; }

    /// <summary>The profile of AWS's credentials file; the environment decides where absent.</summary>
    public string? Profile { get; init; }

    /// <summary>Whether the key itself is in this process, so that other keys can be derived from it.</summary>
    public bool IsSoftware => Type is not (SignerType.AwsKms or SignerType.GcpKms);
}

/// <summary>Something that is wrong with a <see cref="SignerReference"/>.</summary>
/// <param name="Member">The member, <c>key</c>, as it is written in inputs and settings.</param>
/// <param name="Reason">What is wrong and what to write instead.</param>
public sealed record SignerProblem(string Member, string Reason);
