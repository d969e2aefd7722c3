using System.Text.Json;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>Which provider node a <see cref="DwsAgent"/> is to serve.</summary>
public sealed class AgentNodeArgs : ResourceArgs
{
    /// <summary>The provider node's id.</summary>
    [Input("nodeId", required: true)]
    public Input<string> NodeId { get; set; } = null!;

    /// <summary>The address of the contract ExternalChainProvider.</summary>
    [Input("externalChainProvider", required: true)]
    public Input<string> ExternalChainProvider { get; set; } = null!;

    /// <summary>The address of the contract DWSProviderRegistry.</summary>
    [Input("providerRegistry", required: true)]
    public Input<string> ProviderRegistry { get; set; } = null!;
}

/// <summary>
/// Gives a cluster's agent its provider node. The node is registered long after the agent's pod stands, so it comes to the pod as a file. A node is served by the agent of one cluster alone: two would run
/// each lease twice.
/// </summary>
public sealed class AgentNode : ComponentResource
{
    /// <summary>The config map that the agent's pod mounts when it is there.</summary>
    internal const string ConfigMapName = "dws-node";

    /// <summary>Declares the file.</summary>
    public AgentNode(string name, AgentNodeArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:AgentNode", name, args, options)
    {
        Output<string> file = Output
            .Tuple(args.NodeId, args.ExternalChainProvider, args.ProviderRegistry)
            .Apply(node => JsonSerializer.Serialize(new Dictionary<string, string>
            {
                [AgentNodeFile.NodeId] = node.Item1,
                [AgentNodeFile.ExternalChainProvider] = node.Item2,
                [AgentNodeFile.ProviderRegistry] = node.Item3,
            }));
        _ = new ConfigMap(
            name,
            new ConfigMapArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = ConfigMapName,
                    Namespace = ClusterNamespaces.Dws,
                    Labels = { [WorkloadLabels.Name] = WorkloadNames.DwsAgent, ["app.kubernetes.io/part-of"] = "jeju" },
                },
                Data = { [AgentNodeFile.Name] = file },
            },
            new CustomResourceOptions { Parent = this });
        RegisterOutputs();
    }
}
