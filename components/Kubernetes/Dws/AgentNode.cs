using Jeju.Infra.Core;
using Pulumi;

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
        AwaitedFile.Declare(
            name,
            (ConfigMapName, ClusterNamespaces.Dws),
            WorkloadNames.DwsAgent,
            AgentNodeFile.Name,
            [(AgentNodeFile.NodeId, args.NodeId), (AgentNodeFile.ExternalChainProvider, args.ExternalChainProvider), (AgentNodeFile.ProviderRegistry, args.ProviderRegistry)],
            this);
        RegisterOutputs();
    }
}
