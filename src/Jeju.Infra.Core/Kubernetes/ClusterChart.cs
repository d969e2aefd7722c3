namespace Jeju.Infra.Core;

/// <summary>A Helm chart of the platform, pinned to one version.</summary>
/// <param name="Name">The chart's name, which is also the release's.</param>
/// <param name="Repository">The address of its repository.</param>
/// <param name="Version">The exact version.</param>
/// <param name="Namespace">Where it is installed, one of <see cref="ClusterNamespaces"/>.</param>
/// <param name="Purpose">What it does.</param>
/// <param name="Groups">The API groups of the custom resource definitions that come with it.</param>
public sealed record ClusterChart(string Name, string Repository, string Version, string Namespace, string Purpose, params IReadOnlyList<string> Groups);

/// <summary>The charts of every cluster; the one place that knows a version.</summary>
public static class ClusterCharts
{
    private const string Prometheus = "https://prometheus-community.github.io/helm-charts";

    /// <summary>The definitions that every other chart's monitors need, so they come first; of the same operator version as <see cref="Monitoring"/>.</summary>
    public static ClusterChart MonitoringDefinitions { get; } = new(
        "prometheus-operator-crds", Prometheus, "31.0.1", ClusterNamespaces.Monitoring, "Definitions of monitors and rules", "monitoring.coreos.com");

    /// <summary>Prometheus operator, Prometheus, alert manager, Grafana and the exporters.</summary>
    public static ClusterChart Monitoring { get; } = new(
        "kube-prometheus-stack", Prometheus, "88.5.3", ClusterNamespaces.Monitoring, "Metrics, alerts and dashboards");

    /// <summary>Copies secrets from the cloud's store.</summary>
    public static ClusterChart ExternalSecrets { get; } = new(
        "external-secrets", "https://charts.external-secrets.io", "2.9.0", ClusterNamespaces.ExternalSecrets, "Secrets from the cloud's store", "external-secrets.io");

    /// <summary>Issues the signer's certificates: it lets nobody in without one.</summary>
    public static ClusterChart CertManager { get; } = new(
        "cert-manager", "https://charts.jetstack.io", "v1.21.1", ClusterNamespaces.CertManager, "Certificates inside the cluster", "cert-manager.io");

    /// <summary>Writes the records of internal endpoints into their private zone.</summary>
    public static ClusterChart ExternalDns { get; } = new(
        "external-dns", "https://kubernetes-sigs.github.io/external-dns/", "1.21.1", ClusterNamespaces.ExternalDns, "Records of internal endpoints");

    /// <summary>Joins pods to the load balancer's target groups.</summary>
    public static ClusterChart LoadBalancer { get; } = new(
        "aws-load-balancer-controller", "https://aws.github.io/eks-charts", "3.5.0", ClusterNamespaces.LoadBalancer, "Pods in target groups", "elbv2.k8s.aws");

    /// <summary>Adds and removes nodes.</summary>
    public static ClusterChart Autoscaler { get; } = new(
        "cluster-autoscaler", "https://kubernetes.github.io/autoscaler", "9.59.0", ClusterNamespaces.Autoscaler, "Nodes as pods need them");

    /// <summary>Serves the resource metrics that horizontal autoscalers read.</summary>
    public static ClusterChart MetricsServer { get; } = new(
        "metrics-server", "https://kubernetes-sigs.github.io/metrics-server/", "3.13.1", ClusterNamespaces.MetricsServer, "Resource metrics");

    /// <summary>
    /// The charts of a cloud, definitions first. Google Cloud's clusters bring their own load balancer controller, autoscaler, metrics server and the
    /// definitions of the Gateway API.
    /// </summary>
    public static IReadOnlyList<ClusterChart> Of(CloudName cloud) => cloud == CloudName.Aws
        ? [MonitoringDefinitions, ExternalSecrets, CertManager, LoadBalancer, ExternalDns, MetricsServer, Autoscaler, Monitoring]
        : [MonitoringDefinitions, ExternalSecrets, CertManager, ExternalDns, Monitoring];

    /// <summary>The API groups whose objects can be declared on a cloud: those of the charts, and on Google Cloud those of the cluster itself.</summary>
    public static IReadOnlyList<string> GroupsOf(CloudName cloud) =>
    [
        .. Of(cloud).SelectMany(chart => chart.Groups),
        .. cloud == CloudName.Gcp ? ["gateway.networking.k8s.io", "networking.gke.io"] : (string[])[],
    ];
}
