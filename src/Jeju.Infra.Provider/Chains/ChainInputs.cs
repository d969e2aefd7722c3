using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Chains;

/// <summary>A chain, and which one of its id.</summary>
internal sealed record ChainInputs
{
    [Property("The address of the chain's JSON-RPC endpoint.")]
    public required Uri Endpoint { get; init; }

    [Property("The EIP-155 id, in decimal.", Replaces = true)]
    public required ChainId ChainId { get; init; }

    [Property("The hash of block 0; a chain with another genesis is another chain, and everything on it is made anew.", Replaces = true)]
    public Bytes32? GenesisHash { get; init; }
}

/// <summary>The contracts of the network: from the chain and the deployer follow their addresses.</summary>
internal sealed record SuiteInputs
{
    [Property("The address of the chain's JSON-RPC endpoint.")]
    public required Uri Endpoint { get; init; }

    [Property("The EIP-155 id, in decimal.", Replaces = true)]
    public required ChainId ChainId { get; init; }

    [Property("The hash of block 0; a chain with another genesis is another chain, and everything on it is made anew.", Replaces = true)]
    public Bytes32? GenesisHash { get; init; }

    [Property("The account that deployed the contracts; their addresses follow from it.", Replaces = true)]
    public required Address Deployer { get; init; }

    public ChainInputs Chain => new() { Endpoint = Endpoint, ChainId = ChainId, GenesisHash = GenesisHash };
}

/// <summary>Which key signs, and what it may sign.</summary>
internal sealed record SignerInputs
{
    [Property("What holds the key: development, environment, privateKey, keystore, awsKms or gcpKms.")]
    public required SignerType Type { get; init; }

    [Property("Where it is: the role of a development account (deployer, operator, consumer, agent, delegator), the name of an environment variable, the path of a key store, the id, alias or ARN of an AWS key, or the resource name of a Google Cloud key version.")]
    public string? Key { get; init; }

    [Property("The key itself, 0x and 64 hexadecimal digits.", Secret = true)]
    public string? PrivateKey { get; init; }

    [Property("The account that the key must have.")]
    public Address? Address { get; init; }

    [Property("The environment variable that holds the key store's passphrase.")]
    public string? PassphraseVariable { get; init; }

    [Property("The file that holds the key store's passphrase.")]
    public string? PassphraseFile { get; init; }

    [Property("The region of an AWS key; that of its ARN, or of the environment, where absent.")]
    public string? Region { get; init; }

    [Property("The profile of AWS's credentials file; the environment decides where absent.")]
    public string? Profile { get; init; }

    [Property("The contracts that the key may call; those that the resource needs where absent.")]
    public IReadOnlyList<Address>? Targets { get; init; }

    [Property("The most native coin that one transaction of the key may send, in wei; nothing where absent.")]
    public TokenAmount? MaximumValue { get; init; }

    public SignerReference Reference => new()
    {
        Type = Type,
        Key = Key,
        PrivateKey = PrivateKey,
        Address = Address,
        PassphraseVariable = PassphraseVariable,
        PassphraseFile = PassphraseFile,
        Region = Region,
        Profile = Profile,
    };

    /// <summary>What the key may sign: what the user lists, or else what a resource needs.</summary>
    public SigningLimits LimitsOr(IEnumerable<Address> needed) => new((Targets ?? needed).ToHashSet(), MaximumValue?.Units ?? 0);

    /// <summary>Everything that is wrong with the signer.</summary>
    public IEnumerable<PropertyFailure> FindProblems(ChainId chain)
    {
        foreach (var problem in SignerRules.FindProblems(Reference, chain))
        {
            yield return new PropertyFailure($"signer.{problem.Member}", problem.Reason);
        }

        if (Targets is { Count: 0 })
        {
            yield return new PropertyFailure("signer.targets", "allows nothing: list the contracts that the key may call, or leave it out");
        }
    }
}
