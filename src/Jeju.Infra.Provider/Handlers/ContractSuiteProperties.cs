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

    [Property("The account that owns the top-level name and gives names below it; where absent the registrar, which sells them, and on localnet the consumer.")]
    public Address? NameOwner { get; init; }

    [Property("Regions in which nodes may list themselves; those of the network's clouds where absent.")]
    public IReadOnlyList<string>? Regions { get; init; }

    [Property("Countries (ISO 3166, two letters) in which exit nodes may list themselves; a list of its own where absent.")]
    public IReadOnlyList<string>? Countries { get; init; }

    [Property("Registered watchers, whose probe records void the seconds of a dead service.")]
    public IReadOnlyList<Address>? Watchers { get; init; }

    [Property("How many watchers must sign a record; the majority where absent.", Minimum = 1, Maximum = 64)]
    public int? WatcherQuorum { get; init; }

    [Property("The contract that verifies attestations; simulated ones on localnet and none elsewhere where absent.")]
    public Address? AttestationVerifier { get; init; }

    [Property("JEJU for one dollar, by which compensation in stake is counted; 0 for no compensation.", Minimum = 0, Maximum = 1_000_000)]
    public int? JejuPerDollar { get; init; }

    [Property("The rollup's output oracle on this chain, where this chain settles the sequenced one: its adapter and a queue of forced inclusions are placed, and downtime and censorship of sequencers have evidence.")]
    public Address? OutputOracle { get; init; }

    [Property("The rollup's factory of dispute games on this chain, in place of an output oracle.")]
    public Address? DisputeGameFactory { get; init; }

    [Property("The type of the games whose claims count as outputs; 0 where absent.", Minimum = 0, Maximum = int.MaxValue)]
    public int? DisputeGameType { get; init; }

    [Property("What other resources manage and the suite leaves alone, each as the deviation names it, such as AutoSlasher: ORACLE_ROLE.")]
    public IReadOnlyList<string>? Exceptions { get; init; }

    [Property("The address of each contract's compiled code: changed code is another address.", Computed = true)]
    public IReadOnlyDictionary<string, Address>? Code { get; init; }

    [Property("The storage layout of each contract: an upgrade may append to it and change nothing.", Computed = true)]
    public IReadOnlyDictionary<string, string>? Layouts { get; init; }
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

    [Property("The changes that wait for the timelock or its proposer.")]
    public IReadOnlyList<string>? Pending { get; init; }

    [Property("What the proposer (a Safe) must send, as its transaction builder takes it.")]
    public IReadOnlyList<SafeTransaction>? Proposals { get; init; }
}

/// <summary>A transaction that a Safe is to make.</summary>
internal sealed record SafeTransaction
{
    [Property("Whom it calls.")]
    public Address? To { get; init; }

    [Property("The native coin it sends, in wei.")]
    public TokenAmount? Value { get; init; }

    [Property("The call data, in hexadecimal.")]
    public string? Data { get; init; }

    [Property("What it changes.")]
    public string? Description { get; init; }
}
