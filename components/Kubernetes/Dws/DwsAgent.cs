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

    /// <summary>What all tenants together may take.</summary>
    public TenantQuota Quota { get; init; } = TenantQuota.Default;
}

/// <summary>
/// The same agent as on a localnet, with the cluster as its backend. Customers' workloads live in a namespace of their own, with a quota and limits, with no way to anything by default; the agent's rights
/// end at that namespace.
/// </summary>
public sealed class DwsAgent : ComponentResource
{
    private const string KeyFolder = "/secrets/agent";

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
                Variables =
                [
                    .. OwnProgram.Variables(args.Cluster, plan),
                    PodVariable.Of("CHAIN_ENDPOINT", args.ChainEndpoint),
                    PodVariable.Of("CHAIN_ID", args.Cluster.Profile.SettlementChain.ToString()),
                    PodVariable.Of("BACKEND", "kubernetes"),
                    PodVariable.Of("TENANT_NAMESPACE", ClusterNamespaces.DwsTenants),
                    PodVariable.Of("STORAGE_CLASS", StorageClasses.Of(args.Cluster.Cloud)),
                    PodVariable.Of("STATE_FOLDER", WorkloadTemplate.DataPath),
                    PodVariable.Of("AGENT_KEY_FILE", $"{KeyFolder}/{SecretCatalog.AgentKey.OnlyKey}"),
                ],
                SecretFolders = [new(SecretCatalog.AgentKey, KeyFolder)],
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }
}
