using Jeju.Infra.Core;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The values of each chart: pure planning. Everything has limits, runs without root, and what guards others is there twice.</summary>
internal static class ChartValues
{
    private static readonly Map RestrictedPod = new()
    {
        ["runAsNonRoot"] = true,
        ["runAsUser"] = 65534,
        ["runAsGroup"] = 65534,
        ["fsGroup"] = 65534,
        ["seccompProfile"] = new Map { ["type"] = "RuntimeDefault" },
    };

    private static readonly Map RestrictedContainer = new()
    {
        ["allowPrivilegeEscalation"] = false,
        ["readOnlyRootFilesystem"] = true,
        ["runAsNonRoot"] = true,
        ["capabilities"] = new Map { ["drop"] = new object[] { "ALL" } },
    };

    /// <summary>The values of a chart.</summary>
    /// <exception cref="ArgumentException">The chart is not one of the platform's.</exception>
    public static Map Of(ClusterChart chart, OperatorFacts facts) => chart.Name switch
    {
        "prometheus-operator-crds" => [],
        "external-secrets" => ExternalSecrets(facts),
        "cert-manager" => CertManager(),
        "external-dns" => ExternalDns(facts),
        "aws-load-balancer-controller" => LoadBalancer(facts),
        "metrics-server" => MetricsServer(),
        "cluster-autoscaler" => Autoscaler(facts),
        "kube-prometheus-stack" => MonitoringValues.Of(facts),
        _ => throw new ArgumentException($"The chart {chart.Name} has no values.", nameof(chart)),
    };

    /// <summary>Requests and a limit of memory; processor time is not limited, because a throttled operator is a slow recovery.</summary>
    internal static Map Resources(string cpu, string memory, string memoryLimit) => new()
    {
        ["requests"] = new Map { ["cpu"] = cpu, ["memory"] = memory },
        ["limits"] = new Map { ["cpu"] = "1", ["memory"] = memoryLimit },
    };

    /// <summary>A service account, with its identity in the cloud where that is an annotation.</summary>
    internal static Map ServiceAccount(OperatorFacts facts, string account)
    {
        Map values = new() { ["create"] = true, ["name"] = account };
        if (facts.Accounts.TryGetValue(account, out object? email))
        {
            values["annotations"] = new Map { ["iam.gke.io/gcp-service-account"] = email };
        }

        return values;
    }

    private static Map OneMayBeMissing() => new() { ["enabled"] = true, ["minAvailable"] = 1 };

    private static Map ExternalSecrets(OperatorFacts facts) => new()
    {
        ["installCRDs"] = true,
        ["replicaCount"] = 2,
        ["leaderElect"] = true,
        ["serviceAccount"] = ServiceAccount(facts, OperatorAccounts.ExternalSecrets),
        ["resources"] = Resources("50m", "128Mi", "256Mi"),
        ["podDisruptionBudget"] = OneMayBeMissing(),
        ["serviceMonitor"] = new Map { ["enabled"] = true },
        ["webhook"] = new Map
        {
            ["replicaCount"] = 2,
            ["resources"] = Resources("20m", "64Mi", "128Mi"),
            ["podDisruptionBudget"] = OneMayBeMissing(),
        },
        ["certController"] = new Map { ["resources"] = Resources("20m", "64Mi", "256Mi") },
    };

    private static Map CertManager() => new()
    {
        // Deleting the definitions would delete every certificate with them.
        ["crds"] = new Map { ["enabled"] = true, ["keep"] = true },
        ["global"] = new Map { ["leaderElection"] = new Map { ["namespace"] = ClusterNamespaces.CertManager } },
        ["replicaCount"] = 2,
        ["resources"] = Resources("50m", "128Mi", "256Mi"),
        ["podDisruptionBudget"] = OneMayBeMissing(),
        ["prometheus"] = new Map { ["enabled"] = true, ["servicemonitor"] = new Map { ["enabled"] = true } },
        ["webhook"] = new Map
        {
            ["replicaCount"] = 2,
            ["resources"] = Resources("20m", "64Mi", "128Mi"),
            ["podDisruptionBudget"] = OneMayBeMissing(),
        },
        ["cainjector"] = new Map { ["resources"] = Resources("50m", "128Mi", "256Mi") },
        ["startupapicheck"] = new Map { ["resources"] = Resources("20m", "64Mi", "128Mi") },
    };

    /// <summary>
    /// Public names are declared with the load balancer; this operator has the private zones alone, by its rights as well as by its filters, so no name ever has two owners.
    /// </summary>
    private static Map ExternalDns(OperatorFacts facts) => new()
    {
        ["provider"] = new Map { ["name"] = facts.Cloud == CloudName.Aws ? "aws" : "google" },
        ["sources"] = new object[] { "service" },
        ["policy"] = "sync",
        ["registry"] = "txt",
        ["txtOwnerId"] = facts.ClusterName,
        ["txtPrefix"] = "owner-",
        ["domainFilters"] = facts.InternalZones.Keys.ToArray<object>(),
        ["extraArgs"] = facts.Cloud == CloudName.Aws
            ? new Map { ["aws-zone-type"] = "private", ["zone-id-filter"] = facts.InternalZones.Values.ToArray() }
            : new Map { ["google-zone-visibility"] = "private", ["google-project"] = facts.Project, ["zone-id-filter"] = facts.InternalZones.Values.ToArray() },
        ["env"] = facts.Cloud == CloudName.Aws ? new object[] { new Map { ["name"] = "AWS_REGION", ["value"] = facts.Region } } : [],
        ["serviceAccount"] = ServiceAccount(facts, OperatorAccounts.ExternalDns),
        ["resources"] = Resources("20m", "64Mi", "128Mi"),
        ["serviceMonitor"] = new Map { ["enabled"] = true },
    };

    /// <summary>Only target groups: load balancer, firewall and listeners are declared by the stack, so the operator needs no right to make any.</summary>
    private static Map LoadBalancer(OperatorFacts facts) => new()
    {
        ["clusterName"] = facts.ClusterName,
        ["region"] = facts.Region,
        ["vpcId"] = facts.VpcId,
        ["replicaCount"] = 2,
        ["serviceAccount"] = ServiceAccount(facts, OperatorAccounts.LoadBalancer),
        ["enableShield"] = false,
        ["enableWaf"] = false,
        ["enableWafv2"] = false,
        ["enableBackendSecurityGroup"] = false,
        ["enableServiceMutatorWebhook"] = false,
        ["createIngressClassResource"] = false,
        ["ingressClassParams"] = new Map { ["create"] = false },
        ["podSecurityContext"] = RestrictedPod,
        ["securityContext"] = RestrictedContainer,
        ["resources"] = Resources("50m", "128Mi", "256Mi"),
        ["podDisruptionBudget"] = new Map { ["maxUnavailable"] = 1 },
        ["serviceMonitor"] = new Map { ["enabled"] = true },
    };

    private static Map MetricsServer() => new()
    {
        ["replicas"] = 2,
        ["podDisruptionBudget"] = OneMayBeMissing(),
        ["resources"] = Resources("100m", "200Mi", "400Mi"),
        ["metrics"] = new Map { ["enabled"] = true },
        ["serviceMonitor"] = new Map { ["enabled"] = true },
    };

    private static Map Autoscaler(OperatorFacts facts) => new()
    {
        ["fullnameOverride"] = "cluster-autoscaler",
        ["cloudProvider"] = "aws",
        ["awsRegion"] = facts.Region,
        ["autoDiscovery"] = new Map { ["clusterName"] = facts.ClusterName },
        ["image"] = new Map { ["tag"] = KubernetesRelease.Of(facts.KubernetesVersion).AutoscalerImage },
        ["replicaCount"] = 2,
        ["rbac"] = new Map { ["serviceAccount"] = ServiceAccount(facts, OperatorAccounts.Autoscaler) },
        ["extraArgs"] = new Map
        {
            ["v"] = 2,
            ["expander"] = "least-waste",
            ["balance-similar-node-groups"] = true,

            // A chain's pods lie on network volumes; what is local is a cache.
            ["skip-nodes-with-local-storage"] = false,
            ["scale-down-unneeded-time"] = "15m",
        },
        ["securityContext"] = RestrictedPod,
        ["containerSecurityContext"] = RestrictedContainer,
        ["resources"] = Resources("100m", "300Mi", "600Mi"),
        ["serviceMonitor"] = new Map { ["enabled"] = true, ["namespace"] = ClusterNamespaces.Autoscaler },
    };
}
