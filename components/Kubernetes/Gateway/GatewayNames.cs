using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>Where a <see cref="Gateway"/> looks names up.</summary>
public sealed class GatewayNamesArgs : ResourceArgs
{
    /// <summary>The address of the contract JNSRegistry on the settlement chain.</summary>
    [Input("registry", required: true)]
    public Input<string> Registry { get; set; } = null!;

    /// <summary>The address of the contract ExternalChainProvider, where the endpoint is that a name's order has.</summary>
    [Input("externalChainProvider", required: true)]
    public Input<string> ExternalChainProvider { get; set; } = null!;
}

/// <summary>
/// Tells a cluster's gateway the contracts of the naming system. They are deployed long after its pods stand, so they come to the pods as a file; until then the gateway answers for everything but names.
/// </summary>
public sealed class GatewayNames : ComponentResource
{
    /// <summary>The config map that the gateway's pods mount when it is there.</summary>
    internal const string ConfigMapName = "jns-contracts";

    /// <summary>The file in it.</summary>
    internal const string FileName = "contracts.json";

    /// <summary>The file's member with the address of JNSRegistry.</summary>
    internal const string Registry = "registry";

    /// <summary>The file's member with the address of ExternalChainProvider.</summary>
    internal const string ExternalChainProvider = "externalChainProvider";

    /// <summary>Declares the file.</summary>
    public GatewayNames(string name, GatewayNamesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:GatewayNames", name, args, options)
    {
        AwaitedFile.Declare(
            name,
            (ConfigMapName, ClusterNamespaces.Gateway),
            WorkloadNames.Gateway,
            FileName,
            [(Registry, args.Registry), (ExternalChainProvider, args.ExternalChainProvider)],
            this);
        RegisterOutputs();
    }
}
