using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>Stake that an account lends to a node, for a share of what the node earns.</summary>
public sealed class Delegation : CustomResource
{
    /// <summary>The account that lends.</summary>
    [Output("delegator")]
    public Output<string> Delegator { get; private set; } = null!;

    /// <summary>The shares it holds for its stake.</summary>
    [Output("shares")]
    public Output<string> Shares { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public Delegation(string name, DelegationArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:Delegation", name, args, options)
    {
    }
}

/// <summary>What a <see cref="Delegation"/> is to be.</summary>
public sealed class DelegationArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that signs.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The staking node.</summary>
    [Input("nodeId", required: true)]
    public Input<string> NodeId { get; set; } = null!;

    /// <summary>The stake, in the smallest unit of JEJU.</summary>
    [Input("amount", required: true)]
    public Input<string> Amount { get; set; } = null!;
}
