using Jeju.Infra.Components.Resources;
using Pulumi;

namespace Jeju.Infra.Components.Marketplace;

/// <summary>A provider node of the marketplace with the stake that backs it: operator, registration, offers, and borrowed stake if any.</summary>
public sealed class OperatedNode : ComponentResource
{
    /// <summary>The provider node's id.</summary>
    [Output("nodeId")]
    public Output<string> NodeId { get; private set; }

    /// <summary>The staking node's id.</summary>
    [Output("stakingNodeId")]
    public Output<string> StakingNodeId { get; private set; }

    /// <summary>Registers the node.</summary>
    /// <param name="name">The component's name.</param>
    /// <param name="args">What the node is to be.</param>
    /// <param name="options">Resource options.</param>
    public OperatedNode(string name, OperatedNodeArgs args, ComponentResourceOptions? options = null)
        : base("jeju:marketplace:OperatedNode", name, args, options)
    {
        var stake = new NodeOperator(
            $"{name}-stake",
            new NodeOperatorArgs { Suite = args.Suite, Signer = args.Operator, Stake = args.Stake, Commission = args.Commission },
            new CustomResourceOptions { Parent = this });

        var node = new ProviderNode(
            $"{name}-node",
            new ProviderNodeArgs
            {
                Suite = args.Suite,
                Signer = args.Operator,
                StakingNodeId = stake.NodeId,
                Endpoint = args.Endpoint,
                Region = args.Region,
                Agent = args.Agent,
                Offers = args.Offers,
            },
            new CustomResourceOptions { Parent = this });

        if (args.Delegator is not null && args.Delegation is not null)
        {
            _ = new Delegation(
                $"{name}-delegation",
                new DelegationArgs { Suite = args.Suite, Signer = args.Delegator, NodeId = stake.NodeId, Amount = args.Delegation },
                new CustomResourceOptions { Parent = this });
        }

        NodeId = node.NodeId;
        StakingNodeId = stake.NodeId;
        RegisterOutputs(new Dictionary<string, object?> { ["nodeId"] = NodeId, ["stakingNodeId"] = StakingNodeId });
    }
}

/// <summary>What an <see cref="OperatedNode"/> is to be.</summary>
public sealed class OperatedNodeArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that stakes for the node and owns it.</summary>
    [Input("operator", required: true)]
    public Input<SignerArgs> Operator { get; set; } = null!;

    /// <summary>The operator's own stake, in the smallest unit of JEJU.</summary>
    [Input("stake", required: true)]
    public Input<string> Stake { get; set; } = null!;

    /// <summary>The operator's share of the earnings in basis points, 2000 to 4000.</summary>
    [Input("commission", required: true)]
    public Input<int> Commission { get; set; } = null!;

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

    /// <summary>What the node offers.</summary>
    public InputList<OfferArgs> Offers
    {
        get => _offers ??= [];
        set => _offers = value;
    }

    /// <summary>The key that lends stake to the node; none where absent.</summary>
    [Input("delegator")]
    public Input<SignerArgs>? Delegator { get; set; }

    /// <summary>The stake it lends, in the smallest unit of JEJU.</summary>
    [Input("delegation")]
    public Input<string>? Delegation { get; set; }
}
