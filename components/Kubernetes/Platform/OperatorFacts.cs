using Jeju.Infra.Core;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>
/// What the charts' values depend on. A member of type <see cref="object"/> is a text, or an output that becomes one: the values are planned the same way.
/// </summary>
/// <param name="Cloud">The cloud.</param>
/// <param name="Region">The region.</param>
/// <param name="ClusterName">The cluster's name.</param>
/// <param name="IsMainnet">Whether what can be doubled is doubled.</param>
internal sealed record OperatorFacts(CloudName Cloud, string Region, object ClusterName, bool IsMainnet)
{
    /// <summary>The network, on AWS.</summary>
    public object VpcId { get; init; } = "";

    /// <summary>The project, on Google Cloud.</summary>
    public string Project { get; init; } = "";

    /// <summary>The version of Kubernetes, on AWS.</summary>
    public string KubernetesVersion { get; init; } = "";

    /// <summary>Where metrics are written for good, on AWS: an address that ends with a slash.</summary>
    public object MetricsEndpoint { get; init; } = "";

    /// <summary>Where alerts go, on AWS.</summary>
    public object AlarmTopic { get; init; } = "";

    /// <summary>The private zones of the internal endpoints: their names, and their ids.</summary>
    public IReadOnlyDictionary<string, object> InternalZones { get; init; } = new Dictionary<string, object>();

    /// <summary>Who each operator is in the cloud, by service account; empty on AWS, where the association is the cluster's own.</summary>
    public IReadOnlyDictionary<string, object> Accounts { get; init; } = new Dictionary<string, object>();
}

/// <summary>The service accounts of the operators that have rights in the cloud.</summary>
public static class OperatorAccounts
{
    /// <summary>Reads the stack's secrets.</summary>
    public const string ExternalSecrets = "external-secrets";

    /// <summary>Writes records into the private zones.</summary>
    public const string ExternalDns = "external-dns";

    /// <summary>Registers pods in the target groups.</summary>
    public const string LoadBalancer = "aws-load-balancer-controller";

    /// <summary>Sets the size of the node groups.</summary>
    public const string Autoscaler = "cluster-autoscaler";

    /// <summary>Writes metrics to the managed Prometheus.</summary>
    public const string Prometheus = "prometheus";

    /// <summary>Sends alerts to the topic.</summary>
    public const string AlertManager = "alertmanager";
}
