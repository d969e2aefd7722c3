using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A contract beside the network's own, deployed through their factory behind a proxy, at an address that is known beforehand.</summary>
public sealed class Contract : CustomResource
{
    /// <summary>Its address, which upgrades do not change.</summary>
    [Output("address")]
    public Output<string> Address { get; private set; } = null!;

    /// <summary>The address of the code that it runs.</summary>
    [Output("implementation")]
    public Output<string> Implementation { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public Contract(string name, ContractArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:Contract", name, args, options)
    {
    }
}

/// <summary>What a <see cref="Contract"/> is to be.</summary>
public sealed class ContractArgs : ResourceArgs
{
    /// <summary>The network's contracts, whose factory deploys it.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that deploys and upgrades.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The name under which it is deployed; the address follows from it and from the key's account.</summary>
    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    /// <summary>The compiled contract, by its name in <c>contracts/</c>.</summary>
    [Input("artifact", required: true)]
    public Input<string> Artifact { get; set; } = null!;

    /// <summary>The call that initializes it when it is deployed, in hexadecimal; none where absent.</summary>
    [Input("initializer")]
    public Input<string>? Initializer { get; set; }
}
