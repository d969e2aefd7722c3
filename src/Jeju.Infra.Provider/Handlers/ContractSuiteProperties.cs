using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>What the suite is deployed with.</summary>
internal sealed record ContractSuiteInputs
{
    [Property("The chain to deploy on.")]
    public required ChainInputs Chain { get; init; }

    [Property("The key that deploys and upgrades.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key; every address follows from it.", Computed = true, Replaces = true)]
    public Address? Account { get; init; }

    [Property("The environment whose parameters apply.", Replaces = true)]
    public required NetworkName Network { get; init; }

    [Property("The Safe that proposes changes to the timelock; the deployer where absent, which mainnet does not allow.")]
    public Address? Proposer { get; init; }

    [Property("The account that may pause, and nothing else.")]
    public Address? Guardian { get; init; }

    [Property("The token that leases are paid in; test networks deploy their own where absent.", Replaces = true)]
    public Address? PaymentToken { get; init; }

    [Property("The account that owns the top-level name; the proposer where absent.")]
    public Address? NameOwner { get; init; }

    [Property("The address of each contract's compiled code: changed code is another address.", Computed = true)]
    public IReadOnlyDictionary<string, Address>? Code { get; init; }
}

/// <summary>What the suite is.</summary>
internal sealed record ContractSuiteOutputs
{
    [Property("The address of every contract, by its name.")]
    public IReadOnlyDictionary<string, Address>? Contracts { get; init; }

    [Property("The account that deployed them.")]
    public Address? Deployer { get; init; }

    [Property("The address of the endpoint through which they were deployed.")]
    public Uri? Endpoint { get; init; }

    [Property("The EIP-155 id of their chain, in decimal.")]
    public ChainId? ChainId { get; init; }

    [Property("The hash of block 0 of their chain.")]
    public Bytes32? GenesisHash { get; init; }

    [Property("Everything in which the chain differs from the plan.")]
    public IReadOnlyList<string>? Deviations { get; init; }

    [Property("The change that waits for the timelock or its proposer; absent when everything is done.")]
    public string? Pending { get; init; }
}
