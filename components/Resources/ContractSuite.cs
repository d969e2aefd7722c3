using System.Collections.Immutable;
using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>The contracts of the network on one chain, deployed from one account at addresses that are known beforehand, and kept up to date.</summary>
public sealed class ContractSuite : CustomResource
{
    /// <summary>The address of every contract, by its name.</summary>
    [Output("contracts")]
    public Output<ImmutableDictionary<string, string>> Contracts { get; private set; } = null!;

    /// <summary>The account that deployed them.</summary>
    [Output("deployer")]
    public Output<string> Deployer { get; private set; } = null!;

    /// <summary>The address of the endpoint through which they were deployed.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; } = null!;

    /// <summary>The EIP-155 id of their chain, in decimal.</summary>
    [Output("chainId")]
    public Output<string> ChainId { get; private set; } = null!;

    /// <summary>The hash of block 0 of their chain.</summary>
    [Output("genesisHash")]
    public Output<string> GenesisHash { get; private set; } = null!;

    /// <summary>Everything in which the chain differs from the plan.</summary>
    [Output("deviations")]
    public Output<ImmutableArray<string>> Deviations { get; private set; } = null!;

    /// <summary>The changes that wait for the timelock or its proposer.</summary>
    [Output("pending")]
    public Output<ImmutableArray<string>> Pending { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public ContractSuite(string name, ContractSuiteArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:ContractSuite", name, args, options)
    {
    }
}

/// <summary>What a <see cref="ContractSuite"/> is to be.</summary>
public sealed class ContractSuiteArgs : ResourceArgs
{
    /// <summary>The chain to deploy on.</summary>
    [Input("chain", required: true)]
    public Input<ChainArgs> Chain { get; set; } = null!;

    /// <summary>The key that deploys and upgrades.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The environment whose parameters apply: <c>localnet</c>, <c>testnet</c> or <c>mainnet</c>.</summary>
    [Input("network", required: true)]
    public Input<string> Network { get; set; } = null!;

    /// <summary>The Safe that proposes changes; the deployer where absent, which mainnet does not allow.</summary>
    [Input("proposer")]
    public Input<string>? Proposer { get; set; }

    /// <summary>The account that may pause, and nothing else; nobody where absent.</summary>
    [Input("guardian")]
    public Input<string>? Guardian { get; set; }

    /// <summary>The token that leases are paid in; test networks deploy their own where absent.</summary>
    [Input("paymentToken")]
    public Input<string>? PaymentToken { get; set; }

    /// <summary>The account that owns the top-level name; where absent the registrar, which sells names, and on localnet the consumer.</summary>
    [Input("nameOwner")]
    public Input<string>? NameOwner { get; set; }

    [Input("regions")]
    private InputList<string>? _regions;

    /// <summary>Regions in which nodes may list themselves; those of the network's clouds where absent.</summary>
    public InputList<string> Regions
    {
        get => _regions ??= [];
        set => _regions = value;
    }

    [Input("countries")]
    private InputList<string>? _countries;

    /// <summary>Countries (ISO 3166, two letters) in which exit nodes may list themselves; a list of its own where absent.</summary>
    public InputList<string> Countries
    {
        get => _countries ??= [];
        set => _countries = value;
    }

    [Input("watchers")]
    private InputList<string>? _watchers;

    /// <summary>Registered watchers, whose probe records void the seconds of a dead service; nobody where absent.</summary>
    public InputList<string> Watchers
    {
        get => _watchers ??= [];
        set => _watchers = value;
    }

    /// <summary>How many watchers must sign a record, 1 to 64; the majority where absent.</summary>
    [Input("watcherQuorum")]
    public Input<int>? WatcherQuorum { get; set; }

    [Input("exceptions")]
    private InputList<string>? _exceptions;

    /// <summary>What <see cref="ContractSetting"/> resources manage and the suite leaves alone, each as <c>AutoSlasher: ORACLE_ROLE</c>.</summary>
    public InputList<string> Exceptions
    {
        get => _exceptions ??= [];
        set => _exceptions = value;
    }

    /// <summary>The contract that verifies attestations; simulated ones on localnet and none elsewhere where absent.</summary>
    [Input("attestationVerifier")]
    public Input<string>? AttestationVerifier { get; set; }

    /// <summary>JEJU for one dollar, 0 to 1,000,000, by which compensation in stake is counted; 0 for no compensation.</summary>
    [Input("jejuPerDollar")]
    public Input<int>? JejuPerDollar { get; set; }

    /// <summary>
    /// The rollup's output oracle on this chain, where this chain settles the sequenced one; without it and without <see cref="DisputeGameFactory"/> only
    /// double signing slashes a sequencer.
    /// </summary>
    [Input("outputOracle")]
    public Input<string>? OutputOracle { get; set; }

    /// <summary>The rollup's factory of dispute games on this chain, in place of an output oracle.</summary>
    [Input("disputeGameFactory")]
    public Input<string>? DisputeGameFactory { get; set; }

    /// <summary>The type of the games whose claims count as outputs, from 0; 0 where absent.</summary>
    [Input("disputeGameType")]
    public Input<int>? DisputeGameType { get; set; }
}
