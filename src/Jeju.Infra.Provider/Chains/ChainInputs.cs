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

/// <summary>What holds a key.</summary>
internal enum SignerType
{
    /// <summary>One of Anvil's published accounts, by its role.</summary>
    Development,

    /// <summary>An environment variable of the engine's process.</summary>
    Environment,

    /// <summary>The key itself, as a secret.</summary>
    PrivateKey,
}

/// <summary>Which key signs.</summary>
internal sealed record SignerInputs
{
    [Property("What holds the key.")]
    public required SignerType Type { get; init; }

    [Property("Where it is: the role of a development account (deployer, operator, consumer, agent, delegator), or the name of an environment variable.")]
    public string? Key { get; init; }

    [Property("The key itself, 0x and 64 hexadecimal digits.", Secret = true)]
    public string? PrivateKey { get; init; }

    [Property("The account that the key must have.")]
    public Address? Address { get; init; }
}
