using System.Text.Json;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

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
        Output<string> file = Output
            .Tuple(args.Registry, args.ExternalChainProvider)
            .Apply(contracts => JsonSerializer.Serialize(new Dictionary<string, string> { [Registry] = contracts.Item1, [ExternalChainProvider] = contracts.Item2 }));
        _ = new ConfigMap(
            name,
            new ConfigMapArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = ConfigMapName,
                    Namespace = ClusterNamespaces.Gateway,
                    Labels = { [WorkloadLabels.Name] = WorkloadNames.Gateway, ["app.kubernetes.io/part-of"] = "jeju" },
                },
                Data = { [FileName] = file },
            },
            new CustomResourceOptions { Parent = this });
        RegisterOutputs();
    }
}
