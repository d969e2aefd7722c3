using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A node operator: registration and stake in DelegatedNodeStaking.</summary>
public sealed class NodeOperator : CustomResource
{
    /// <summary>The operator's account.</summary>
    [Output("operatorAddress")]
    public Output<string> OperatorAddress { get; private set; } = null!;

    /// <summary>The staking node's id.</summary>
    [Output("nodeId")]
    public Output<string> NodeId { get; private set; } = null!;

    /// <summary>What the chain says of the node.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public NodeOperator(string name, NodeOperatorArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:NodeOperator", name, args, options)
    {
    }
}

/// <summary>What a <see cref="NodeOperator"/> is to be.</summary>
public sealed class NodeOperatorArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that signs.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The operator's own stake, in the smallest unit of JEJU.</summary>
    [Input("stake", required: true)]
    public Input<string> Stake { get; set; } = null!;

    /// <summary>The operator's share of the earnings in basis points, 2000 to 4000.</summary>
    [Input("commission")]
    public Input<int>? Commission { get; set; }
}
