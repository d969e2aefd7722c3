namespace Jeju.Infra.Core;

/// <summary>The namespaces of every cluster, and which service lives in which of them. There is no other place that names a namespace.</summary>
public static class ClusterNamespaces
{
    /// <summary>Execution and consensus clients, batcher, proposer and their signer.</summary>
    public const string OpStack = "op-stack";

    /// <summary>The indexer's processor and API.</summary>
    public const string Indexer = "indexer";

    /// <summary>The public API.</summary>
    public const string Gateway = "gateway";

    /// <summary>The bundler of account abstraction.</summary>
    public const string Bundler = "bundler";

    /// <summary>The Farcaster hub.</summary>
    public const string Farcaster = "farcaster";

    /// <summary>CovenantSQL's block producer and miners.</summary>
    public const string CovenantSql = "covenantsql";

    /// <summary>The messaging relay and its key service.</summary>
    public const string Messaging = "messaging";

    /// <summary>The agent of the network's own provider node.</summary>
    public const string Dws = "dws";

    /// <summary>The workloads that the agent runs for its customers: nothing of the network's own.</summary>
    public const string DwsTenants = "dws-tenants";

    /// <summary>Prometheus, its alert manager and Grafana.</summary>
    public const string Monitoring = "monitoring";

    /// <summary>The exporter of each node's own figures.</summary>
    public const string NodeMetrics = "node-metrics";

    /// <summary>The operator that copies secrets from the cloud's store.</summary>
    public const string ExternalSecrets = "external-secrets";

    /// <summary>The operator that issues the certificates inside the cluster.</summary>
    public const string CertManager = "cert-manager";

    /// <summary>The operator that writes DNS records of peers.</summary>
    public const string ExternalDns = "external-dns";

    /// <summary>The operator that joins pods to the load balancer on AWS.</summary>
    public const string LoadBalancer = "load-balancer";

    /// <summary>The operator that adds and removes nodes on AWS.</summary>
    public const string Autoscaler = "cluster-autoscaler";

    /// <summary>The server of the resource metrics that autoscalers read, on AWS.</summary>
    public const string MetricsServer = "metrics-server";

    /// <summary>The gateway on Google Cloud: an object without pods.</summary>
    public const string Edge = "edge";

    private static readonly ClusterNamespace[] Services =
    [
        new(OpStack, "The chain's execution and consensus clients, batcher, proposer and signer"),
        new(Indexer, "The indexer's processor and API"),
        new(Gateway, "The public API"),
        new(Bundler, "The bundler of account abstraction"),
        new(Farcaster, "The Farcaster hub"),
        new(CovenantSql, "CovenantSQL's block producer and miners"),
        new(Messaging, "The messaging relay and its key service"),
        new(Dws, "The agent of the network's own provider node"),
        new(DwsTenants, "Leased workloads of customers"),
    ];

    private static readonly ClusterNamespace[] Operators =
    [
        new(Monitoring, "Prometheus, alert manager and Grafana"),
        new(
            NodeMetrics,
            "The exporter of each node's own figures",
            PodSecurityLevel.Privileged,
            "The exporter reads /proc, /sys and the root file system of its node; nothing else runs here."),
        new(ExternalSecrets, "Copies secrets from the cloud's store"),
        new(CertManager, "Issues the certificates inside the cluster"),
        new(ExternalDns, "Writes the DNS records of peers"),
    ];

    private static readonly ClusterNamespace[] AwsOperators =
    [
        new(LoadBalancer, "Joins pods to the load balancer"),
        new(Autoscaler, "Adds and removes nodes"),
        new(MetricsServer, "The resource metrics that autoscalers read"),
    ];

    private static readonly ClusterNamespace[] GcpOperators = [new(Edge, "The public gateway")];

    /// <summary>Where each service lives, by the name of its Kubernetes service.</summary>
    private static readonly Dictionary<string, string> ServiceNamespaces = new(StringComparer.Ordinal)
    {
        ["op-geth"] = OpStack,
        ["op-node"] = OpStack,
        ["op-batcher"] = OpStack,
        ["op-proposer"] = OpStack,
        ["op-signer"] = OpStack,
        ["indexer"] = Indexer,
        ["gateway"] = Gateway,
        ["bundler"] = Bundler,
        ["farcaster-hub"] = Farcaster,
        ["covenantsql"] = CovenantSql,
        ["messaging-relay"] = Messaging,
        ["messaging-kms"] = Messaging,
        ["dws-agent"] = Dws,
        ["lease-gateway"] = Dws,
    };

    /// <summary>The namespaces of a cluster on a cloud, in the order in which they are declared. None of them is Kubernetes' own.</summary>
    public static IReadOnlyList<ClusterNamespace> Of(CloudName cloud) =>
        [.. Services, .. Operators, .. cloud == CloudName.Aws ? AwsOperators : GcpOperators];

    /// <summary>The services that have a namespace, by name.</summary>
    public static IReadOnlyCollection<string> KnownServices => ServiceNamespaces.Keys;

    /// <summary>The namespace of a service, for example <c>op-stack</c> of <c>op-geth</c>.</summary>
    /// <exception cref="InfraException">JEJU0740: no namespace has such a service.</exception>
    public static string OfService(string service) => ServiceNamespaces.TryGetValue(service, out string? name)
        ? name
        : throw new InfraException(
            new ErrorCode(740),
            $"The service '{service}' lives in no namespace.",
            $"Name one of {string.Join(", ", ServiceNamespaces.Keys)}, or give it its place in ClusterNamespaces.",
            FailureKind.Usage);

    /// <summary>The host name by which pods reach a service from anywhere in the cluster.</summary>
    /// <inheritdoc cref="OfService" path="/exception"/>
    public static string HostOf(string service) => $"{service}.{OfService(service)}.svc.cluster.local";
}
