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

    /// <summary>The account that owns the top-level name; the proposer where absent.</summary>
    [Input("nameOwner")]
    public Input<string>? NameOwner { get; set; }
}
