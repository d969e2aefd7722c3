using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A provider node of the marketplace: registration, locked stake and offers.</summary>
public sealed class ProviderNode : CustomResource
{
    /// <summary>The provider node's id.</summary>
    [Output("nodeId")]
    public Output<string> NodeId { get; private set; } = null!;

    /// <summary>The account that owns it.</summary>
    [Output("owner")]
    public Output<string> Owner { get; private set; } = null!;

    /// <summary>What the chain says of the node.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public ProviderNode(string name, ProviderNodeArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:ProviderNode", name, args, options)
    {
    }
}

/// <summary>What a <see cref="ProviderNode"/> is to be.</summary>
public sealed class ProviderNodeArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that signs.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The staking node whose stake backs it.</summary>
    [Input("stakingNodeId", required: true)]
    public Input<string> StakingNodeId { get; set; } = null!;

    /// <summary>The public address of the node's agent.</summary>
    [Input("endpoint", required: true)]
    public Input<string> Endpoint { get; set; } = null!;

    /// <summary>The region it announces.</summary>
    [Input("region", required: true)]
    public Input<string> Region { get; set; } = null!;

    /// <summary>The account that sends heartbeats and readiness reports.</summary>
    [Input("agent", required: true)]
    public Input<string> Agent { get; set; } = null!;

    [Input("offers", required: true)]
    private InputList<OfferArgs>? _offers;

    /// <summary>What it offers.</summary>
    public InputList<OfferArgs> Offers
    {
        get => _offers ??= [];
        set => _offers = value;
    }
}

/// <summary>One thing that a provider node offers.</summary>
public sealed class OfferArgs : ResourceArgs
{
    /// <summary>The kind of service.</summary>
    [Input("kind", required: true)]
    public Input<string> Kind { get; set; } = null!;

    /// <summary>The network of the service itself; empty where the kind has one alone.</summary>
    [Input("network")]
    public Input<string>? Network { get; set; }

    /// <summary>The price per hour, in the smallest unit of the payment token.</summary>
    [Input("pricePerHour", required: true)]
    public Input<string> PricePerHour { get; set; } = null!;

    /// <summary>How many leases it can serve at a time.</summary>
    [Input("capacity", required: true)]
    public Input<int> Capacity { get; set; } = null!;

    /// <summary>Whether it runs in a trusted execution environment.</summary>
    [Input("tee")]
    public Input<bool>? Tee { get; set; }
}
