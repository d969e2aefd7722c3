using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the agent of the network's own provider node.</summary>
public sealed class DwsAgentArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The JSON-RPC endpoint of the settlement chain.</summary>
    [Input("chainEndpoint", required: true)]
    public Input<string> ChainEndpoint { get; set; } = null!;

    /// <summary>The digests of the images that the agent may run for its customers, by image and tag.</summary>
    public IReadOnlyDictionary<string, string> ImageDigests { get; init; } = new Dictionary<string, string>();

    /// <summary>What all tenants together may take.</summary>
    public TenantQuota Quota { get; init; } = TenantQuota.Default;
}

/// <summary>
/// The same agent as on a localnet, with the cluster as its backend. Customers' workloads live in a namespace of their own, with a quota and limits, with no way to anything by default; the agent's rights
/// end at that namespace. Beside it stands the entry by which consumers reach their leases. Which provider node it serves, an <see cref="AgentNode"/> tells it later; until then it stands by.
/// </summary>
public sealed class DwsAgent : ComponentResource
{
    private const string KeyFolder = "/secrets/agent";
    private const string NodeFolder = "/etc/dws-node";
    private const string ImageLockFile = "images.lock.json";

    /// <summary>Declares the agent and its tenants' namespace rules.</summary>
    public DwsAgent(string name, DwsAgentArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:DwsAgent", name, args, options)
    {
        WorkloadPlan plan = args.Cluster.Plan(WorkloadNames.DwsAgent);
        TenantNamespace.Declare($"{name}-tenants", args.Cluster, plan, args.Quota, this);
        _ = new ChainWorkload(
            $"{name}-dws-agent",
            new ChainWorkloadArgs
            {
                Cluster = args.Cluster,
                Plan = plan,
                Image = args.Image,
                Arguments = ["agent", "run"],
                Files = new Dictionary<string, Input<string>> { [ImageLockFile] = JsonSerializer.Serialize(args.ImageDigests.OrderBy(image => image.Key, StringComparer.Ordinal).ToDictionary()) },
                ConfigFolders = [new(AgentNode.ConfigMapName, NodeFolder, IsOptional: true)],
                Variables =
                [
                    .. OwnProgram.Variables(args.Cluster, plan),
                    PodVariable.Of(AgentVariables.ChainEndpoint, args.ChainEndpoint),
                    PodVariable.Of(AgentVariables.ChainId, args.Cluster.Profile.SettlementChain.ToString()),
                    PodVariable.Of(AgentVariables.Backend, "kubernetes"),
                    PodVariable.Of(AgentVariables.TenantNamespace, ClusterNamespaces.DwsTenants),
                    PodVariable.Of(AgentVariables.StorageClass, StorageClasses.OfLeases(args.Cluster.Cloud)),
                    PodVariable.Of(AgentVariables.LeaseDomain, args.Cluster.LeaseDomain),
                    PodVariable.Of(AgentVariables.StateFolder, WorkloadTemplate.DataPath),
                    PodVariable.Of(AgentVariables.KeyFile, $"{KeyFolder}/{SecretCatalog.AgentKey.OnlyKey}"),
                    PodVariable.Of(AgentVariables.NodeFile, $"{NodeFolder}/{AgentNodeFile.Name}"),
                    PodVariable.Of(AgentVariables.ImageLockFile, $"/etc/{plan.Name}/{ImageLockFile}"),
                ],
                SecretFolders = [new(SecretCatalog.AgentKey, KeyFolder)],
            },
            new ComponentResourceOptions { Parent = this });
        WorkloadPlan gateway = args.Cluster.Plan(WorkloadNames.LeaseGateway);
        _ = new ChainWorkload(
            $"{name}-lease-gateway",
            new ChainWorkloadArgs
            {
                Cluster = args.Cluster,
                Plan = gateway,
                Image = args.Image,
                Arguments = ["agent", "gateway"],
                Variables =
                [
                    .. OwnProgram.Variables(args.Cluster, gateway),
                    PodVariable.Of(AgentVariables.TenantNamespace, ClusterNamespaces.DwsTenants),
                    PodVariable.Of(AgentVariables.LeaseDomain, args.Cluster.LeaseDomain),
                ],
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }
}
