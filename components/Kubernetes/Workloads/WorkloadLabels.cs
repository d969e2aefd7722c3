using Jeju.Infra.Core;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The labels that the objects of a workload carry (Kubernetes documentation, "Recommended Labels"), and the one that selects its pods.</summary>
internal static class WorkloadLabels
{
    public const string Name = "app.kubernetes.io/name";

    /// <summary>The label that Kubernetes itself gives to each namespace.</summary>
    public const string NamespaceName = "kubernetes.io/metadata.name";

    public static Dictionary<string, string> Of(ChainCluster cluster, WorkloadPlan plan) => new()
    {
        [Name] = plan.Name,
        ["app.kubernetes.io/component"] = plan.Service,
        ["app.kubernetes.io/instance"] = $"jeju-{cluster.Profile.StackName}",
        ["app.kubernetes.io/part-of"] = "jeju",
        ["app.kubernetes.io/managed-by"] = "pulumi",
    };

    public static Dictionary<string, string> Selector(WorkloadPlan plan) => new() { [Name] = plan.Name };
}
