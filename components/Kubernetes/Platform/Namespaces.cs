using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>Which namespaces a cluster has.</summary>
public sealed class NamespacesArgs : ResourceArgs
{
    /// <summary>The cloud, which decides what operators there are.</summary>
    public required CloudName Cloud { get; init; }
}

/// <summary>
/// All namespaces of a cluster, each with its Pod Security level enforced, and with policies that let nothing in or out but questions to the cluster's DNS; what else
/// a workload needs, it declares itself.
/// </summary>
public sealed class Namespaces : ComponentResource
{
    /// <summary>Declares the namespaces.</summary>
    public Namespaces(string name, NamespacesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:Namespaces", name, args, options)
    {
        ByName = ClusterNamespaces.Of(args.Cloud).ToDictionary(one => one.Name, one => Declare(name, one));
        RegisterOutputs();
    }

    /// <summary>Each namespace by its name: what lives in it waits for it.</summary>
    public IReadOnlyDictionary<string, Pulumi.Kubernetes.Core.V1.Namespace> ByName { get; }

    private Pulumi.Kubernetes.Core.V1.Namespace Declare(string name, ClusterNamespace one)
    {
        ObjectMetaArgs metadata = new()
        {
            Name = one.Name,
            Labels =
            {
                ["app.kubernetes.io/part-of"] = "jeju",
                ["pod-security.kubernetes.io/enforce"] = one.PodSecurityLabel,
                ["pod-security.kubernetes.io/enforce-version"] = "latest",
                ["pod-security.kubernetes.io/audit"] = "restricted",
                ["pod-security.kubernetes.io/warn"] = one.PodSecurityLabel,
            },
            Annotations = { ["jeju.network/purpose"] = one.Purpose },
        };
        if (one.PodSecurityReason is { } reason)
        {
            metadata.Annotations.Add("jeju.network/pod-security-reason", reason);
        }

        Pulumi.Kubernetes.Core.V1.Namespace declared = new($"{name}-{one.Name}", new NamespaceArgs { Metadata = metadata }, new CustomResourceOptions { Parent = this });
        CustomResourceOptions inside = new() { Parent = this, DependsOn = { declared } };
        _ = new NetworkPolicy($"{name}-{one.Name}-default-deny", new NetworkPolicyArgs
        {
            Metadata = new ObjectMetaArgs { Name = "default-deny", Namespace = one.Name },
            Spec = new NetworkPolicySpecArgs { PodSelector = new LabelSelectorArgs(), PolicyTypes = { "Ingress", "Egress" } },
        }, inside);
        _ = new NetworkPolicy($"{name}-{one.Name}-dns", new NetworkPolicyArgs
        {
            Metadata = new ObjectMetaArgs { Name = "dns", Namespace = one.Name },
            Spec = new NetworkPolicySpecArgs
            {
                PodSelector = new LabelSelectorArgs(),
                PolicyTypes = { "Egress" },
                Egress = new NetworkPolicyEgressRuleArgs
                {
                    To = WorkloadNetwork.ClusterDns.Select(name => new NetworkPolicyPeerArgs
                    {
                        NamespaceSelector = new LabelSelectorArgs { MatchLabels = { [WorkloadLabels.NamespaceName] = "kube-system" } },
                        PodSelector = new LabelSelectorArgs { MatchLabels = { [WorkloadNetwork.DnsLabel] = name } },
                    }).ToArray(),
                    Ports =
                    {
                        new NetworkPolicyPortArgs { Port = 53, Protocol = "UDP" },
                        new NetworkPolicyPortArgs { Port = 53, Protocol = "TCP" },
                    },
                },
            },
        }, inside);
        return declared;
    }
}
