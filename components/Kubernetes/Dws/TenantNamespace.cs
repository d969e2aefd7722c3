using System.Globalization;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Rbac.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Rbac.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The rules of the namespace in which customers' workloads run, and what the agent may do there and nowhere else.</summary>
internal static class TenantNamespace
{
    private const string Name = "tenants";

    public static void Declare(string name, ChainCluster cluster, WorkloadPlan agent, TenantQuota quota, Resource parent)
    {
        CustomResourceOptions options = new() { Parent = parent, DependsOn = cluster.Platform.Select(resource => (Input<Resource>)resource).ToArray() };
        _ = new ResourceQuota(name, new ResourceQuotaArgs
        {
            Metadata = Metadata(),
            Spec = new ResourceQuotaSpecArgs
            {
                Hard =
                {
                    ["requests.cpu"] = Text(quota.Cores),
                    ["limits.cpu"] = Text(quota.Cores),
                    ["requests.memory"] = $"{quota.MemoryGibibytes}Gi",
                    ["limits.memory"] = $"{quota.MemoryGibibytes}Gi",
                    ["requests.storage"] = $"{quota.StorageGibibytes}Gi",
                    ["pods"] = Text(quota.Pods),

                    // A load balancer is money, and a port of the node is a way in.
                    ["services.loadbalancers"] = "0",
                    ["services.nodeports"] = "0",
                },
            },
        }, options);
        _ = new LimitRange(name, new LimitRangeArgs
        {
            Metadata = Metadata(),
            Spec = new LimitRangeSpecArgs
            {
                Limits = new LimitRangeItemArgs
                {
                    Type = "Container",
                    Default = { ["cpu"] = "500m", ["memory"] = "512Mi" },
                    DefaultRequest = { ["cpu"] = "250m", ["memory"] = "512Mi" },
                    Max = { ["cpu"] = Text(quota.ContainerCores), ["memory"] = $"{quota.ContainerMemoryGibibytes}Gi" },
                },
            },
        }, options);
        _ = new NetworkPolicy($"{name}-probes", new NetworkPolicyArgs
        {
            Metadata = Metadata("probes"),
            Spec = new NetworkPolicySpecArgs
            {
                // Nothing is open by default, in either direction; the agent alone may ask how a workload is. What a lease opens, the agent opens for it.
                PodSelector = new LabelSelectorArgs(),
                PolicyTypes = { "Ingress", "Egress" },
                Ingress = new NetworkPolicyIngressRuleArgs
                {
                    From = new NetworkPolicyPeerArgs
                    {
                        NamespaceSelector = new LabelSelectorArgs { MatchLabels = { [WorkloadLabels.NamespaceName] = agent.Namespace } },
                        PodSelector = new LabelSelectorArgs { MatchLabels = WorkloadLabels.Selector(agent) },
                    },
                },
            },
        }, options);
        _ = new Role(name, new RoleArgs
        {
            Metadata = Metadata(agent.Name),
            Rules = TenantPermissions.All
                .Select(permission => new PolicyRuleArgs { ApiGroups = { permission.Group }, Resources = { permission.Resource }, Verbs = permission.Verbs.ToArray() })
                .ToArray(),
        }, options);
        _ = new RoleBinding(name, new RoleBindingArgs
        {
            Metadata = Metadata(agent.Name),
            RoleRef = new RoleRefArgs { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = agent.Name },
            Subjects = new SubjectArgs { Kind = "ServiceAccount", Name = agent.Name, Namespace = agent.Namespace },
        }, options);
    }

    private static ObjectMetaArgs Metadata(string name = Name) => new()
    {
        Name = name,
        Namespace = ClusterNamespaces.DwsTenants,
        Labels = { ["app.kubernetes.io/part-of"] = "jeju" },
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
