using System.Collections.Immutable;
using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>The container images that services need on this machine: pulled where a registry answers, else built from recipes.</summary>
public sealed class ServiceImages : CustomResource
{
    /// <summary>The content id of each kind's image.</summary>
    [Output("ids")]
    public Output<ImmutableDictionary<string, string>> Ids { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public ServiceImages(string name, ServiceImagesArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:ServiceImages", name, args, options)
    {
    }
}

/// <summary>What <see cref="ServiceImages"/> are to be there.</summary>
public sealed class ServiceImagesArgs : ResourceArgs
{
    [Input("kinds", required: true)]
    private InputList<string>? _kinds;

    /// <summary>The kinds of service that are going to run here.</summary>
    public InputList<string> Kinds
    {
        get => _kinds ??= [];
        set => _kinds = value;
    }
}
