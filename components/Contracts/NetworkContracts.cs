using System.Collections.Immutable;
using Jeju.Infra.Components.Resources;
using Pulumi;

namespace Jeju.Infra.Components.Contracts;

/// <summary>The network's contracts on its settlement chain.</summary>
public sealed class NetworkContracts : ComponentResource
{
    /// <summary>The address of every contract, by its name.</summary>
    [Output("addresses")]
    public Output<ImmutableDictionary<string, string>> Addresses { get; private set; }

    /// <summary>The account that deployed them.</summary>
    [Output("deployer")]
    public Output<string> Deployer { get; private set; }

    /// <summary>Registers the contracts.</summary>
    /// <param name="name">The component's name.</param>
    /// <param name="args">Where and by whom they are deployed.</param>
    /// <param name="options">Resource options.</param>
    public NetworkContracts(string name, NetworkContractsArgs args, ComponentResourceOptions? options = null)
        : base("jeju:contracts:NetworkContracts", name, args, options)
    {
        var plan = new ContractSuiteArgs
        {
            Chain = args.Chain,
            Signer = args.Deployer,
            Network = args.Network,
            Proposer = args.Proposer,
            Guardian = args.Guardian,
            PaymentToken = args.PaymentToken,
            NameOwner = args.NameOwner,
        };
        args.Parameters?.ApplyTo(plan);
        var suite = new ContractSuite(name, plan, new CustomResourceOptions { Parent = this });

        Addresses = suite.Contracts;
        Deployer = suite.Deployer;
        // The chain is read back from the suite and not from the arguments: what uses the reference then waits for the contracts.
        Reference = new SuiteArgs
        {
            Endpoint = suite.Endpoint,
            ChainId = suite.ChainId,
            GenesisHash = suite.GenesisHash,
            Deployer = suite.Deployer,
        };
        RegisterOutputs(new Dictionary<string, object?> { ["addresses"] = Addresses, ["deployer"] = Deployer });
    }

    /// <summary>The address of one contract.</summary>
    /// <param name="contract">Its name.</param>
    public Output<string> AddressOf(string contract) => Addresses.Apply(addresses => addresses[contract]);

    /// <summary>The contracts as the marketplace's arguments take them.</summary>
    public SuiteArgs Reference { get; }
}

/// <summary>Where and by whom <see cref="NetworkContracts"/> are deployed.</summary>
public sealed class NetworkContractsArgs : ResourceArgs
{
    /// <summary>The settlement chain.</summary>
    [Input("chain", required: true)]
    public Input<ChainArgs> Chain { get; set; } = null!;

    /// <summary>The key that deploys and upgrades.</summary>
    [Input("deployer", required: true)]
    public Input<SignerArgs> Deployer { get; set; } = null!;

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

    /// <summary>What the contracts are told about the network; the environment's own values where absent.</summary>
    public ContractParameters? Parameters { get; set; }
}
