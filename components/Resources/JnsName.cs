using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A name in JNS whose service record points at an order, so that the endpoint is read through it.</summary>
public sealed class JnsName : CustomResource
{
    /// <summary>The name's hash.</summary>
    [Output("node")]
    public Output<string> Node { get; private set; } = null!;

    /// <summary>The account that owns the name.</summary>
    [Output("owner")]
    public Output<string> Owner { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public JnsName(string name, JnsNameArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:JnsName", name, args, options)
    {
    }
}

/// <summary>What a <see cref="JnsName"/> is to be.</summary>
public sealed class JnsNameArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that signs.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The name, such as <c>redis.jeju</c>.</summary>
    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    /// <summary>The order that it points at.</summary>
    [Input("orderId", required: true)]
    public Input<string> OrderId { get; set; } = null!;
}
