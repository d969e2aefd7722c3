using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a cluster's monitoring needs to be there.</summary>
public sealed class ClusterMonitoringArgs : ResourceArgs
{
    /// <summary>The namespaces.</summary>
    public required Namespaces Namespaces { get; init; }

    /// <summary>The operators: Prometheus reads the rules, Grafana the dashboards.</summary>
    public required Operators Operators { get; init; }
}

/// <summary>The alerts of the cluster as rules of Prometheus, in one object for each group, and its dashboards, each in an object that Grafana loads.</summary>
public sealed class ClusterMonitoring : ComponentResource
{
    /// <summary>Declares rules and dashboards.</summary>
    public ClusterMonitoring(string name, ClusterMonitoringArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:ClusterMonitoring", name, args, options)
    {
        CustomResourceOptions child = new()
        {
            Parent = this,
            DependsOn = { args.Namespaces.ByName[ClusterNamespaces.Monitoring], args.Operators.Releases[ClusterCharts.Monitoring.Name] },
        };
        (string Name, IReadOnlyList<ClusterAlert> Alerts)[] groups =
            [("chain", ClusterAlerts.Chain), ("marketplace", ClusterAlerts.Marketplace), ("cluster", ClusterAlerts.Cluster)];
        foreach ((string group, IReadOnlyList<ClusterAlert> alerts) in groups)
        {
            CustomObjectArgs.Declare($"{name}-alerts-{group}", "monitoring.coreos.com/v1", "PrometheusRule", $"jeju-{group}", ClusterNamespaces.Monitoring, new Map
            {
                ["groups"] = new object[] { new Map { ["name"] = $"jeju-{group}", ["interval"] = "30s", ["rules"] = alerts.Select(Rule).ToArray() } },
            }, child);
        }

        foreach (ClusterDashboard dashboard in ClusterDashboards.All)
        {
            _ = new Pulumi.Kubernetes.Core.V1.ConfigMap($"{name}-dashboard-{dashboard.Name}", new ConfigMapArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = $"dashboard-{dashboard.Name}",
                    Namespace = ClusterNamespaces.Monitoring,
                    Labels = { ["app.kubernetes.io/part-of"] = "jeju", ["grafana_dashboard"] = "1" },
                },
                Data = { [$"{dashboard.Name}.json"] = dashboard.ToJson() },
            }, child);
        }

        RegisterOutputs();
    }

    private static object Rule(ClusterAlert alert) => new Map
    {
        ["alert"] = alert.Name,
        ["expr"] = alert.Expression,
        ["for"] = alert.ForText,
        ["labels"] = new Map { ["severity"] = alert.SeverityLabel, ["topic"] = alert.Topic.ToString() },
        ["annotations"] = new Map { ["summary"] = alert.Summary, ["runbook"] = alert.Runbook },
    };
}
