namespace Jeju.Infra.Core;

/// <summary>A figure that Prometheus collects.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The workload that exposes it, one of <see cref="WorkloadNames"/>, or one of the platform's sources in <see cref="ClusterMetrics"/>.</param>
/// <param name="Meaning">What it counts, and in which unit.</param>
public sealed record ClusterMetric(string Name, string Source, string Meaning)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The figures that alerts and dashboards may use; the one place that knows their names.</summary>
public static class ClusterMetrics
{
    /// <summary>The kubelet of each node, which the monitoring chart reads.</summary>
    public const string Kubelet = "kubelet";

    /// <summary>The monitoring chart's exporter of the cluster's objects.</summary>
    public const string KubeState = "kube-state-metrics";

    /// <summary>Prometheus itself: what it says of each target.</summary>
    public const string Prometheus = "prometheus";

    /// <summary>The operator that issues certificates.</summary>
    public const string CertManager = "cert-manager";

    /// <summary>When a block that the node knows was made.</summary>
    public static ClusterMetric NodeRefTime { get; } = new("op_node_default_refs_time", WorkloadNames.Consensus, "Seconds since 1970 of the block, by layer and type");

    /// <summary>The number of a block that the node knows.</summary>
    public static ClusterMetric NodeRefNumber { get; } = new("op_node_default_refs_number", WorkloadNames.Consensus, "The block's number, by layer and type");

    /// <summary>How many peers the node has.</summary>
    public static ClusterMetric NodePeers { get; } = new("op_node_default_p2p_peer_count", WorkloadNames.Consensus, "Connected peers");

    /// <summary>How often Ethereum replaced blocks.</summary>
    public static ClusterMetric NodeReorgs { get; } = new("op_node_default_l1_reorg_depth_count", WorkloadNames.Consensus, "Reorganizations of Ethereum that the node went through");

    /// <summary>What the batcher's account has.</summary>
    public static ClusterMetric BatcherBalance { get; } = new("op_batcher_default_balance", WorkloadNames.Batcher, "The account's balance in ETH");

    /// <summary>The last block that the batcher took in.</summary>
    public static ClusterMetric BatcherRefNumber { get; } = new("op_batcher_default_refs_number", WorkloadNames.Batcher, "The block's number, by layer and type");

    /// <summary>What the proposer's account has.</summary>
    public static ClusterMetric ProposerBalance { get; } = new("op_proposer_default_balance", WorkloadNames.Proposer, "The account's balance in ETH");

    /// <summary>When the last proposed block was made.</summary>
    public static ClusterMetric ProposerRefTime { get; } = new("op_proposer_default_refs_time", WorkloadNames.Proposer, "Seconds since 1970 of the proposed block, by layer and type");

    /// <summary>The agent's leases.</summary>
    public static ClusterMetric AgentLeases { get; } = new("jeju_agent_leases", WorkloadNames.DwsAgent, "Leases by phase");

    /// <summary>When the agent's last heartbeat was taken.</summary>
    public static ClusterMetric AgentHeartbeat { get; } = new("jeju_agent_last_heartbeat_seconds", WorkloadNames.DwsAgent, "Seconds since 1970; none of an agent that stands by");

    /// <summary>How often a leased workload was silent.</summary>
    public static ClusterMetric AgentProbeFailures { get; } = new("jeju_agent_probe_failures_total", WorkloadNames.DwsAgent, "Probes that found a workload silent for too long");

    /// <summary>How often a leased workload stopped by itself.</summary>
    public static ClusterMetric AgentWorkloadStops { get; } = new("jeju_agent_workload_stops_total", WorkloadNames.DwsAgent, "Workloads that stopped or vanished unasked");

    /// <summary>How often the agent could not compare chain and backend.</summary>
    public static ClusterMetric AgentReconcileFailures { get; } = new("jeju_agent_reconcile_failures_total", WorkloadNames.DwsAgent, "Comparisons of chain and backend that failed");

    /// <summary>What is free on a volume.</summary>
    public static ClusterMetric VolumeAvailable { get; } = new("kubelet_volume_stats_available_bytes", Kubelet, "Free bytes of a volume");

    /// <summary>The size of a volume.</summary>
    public static ClusterMetric VolumeCapacity { get; } = new("kubelet_volume_stats_capacity_bytes", Kubelet, "Bytes of a volume");

    /// <summary>When a certificate ends.</summary>
    public static ClusterMetric CertificateExpiry { get; } = new("certmanager_certificate_expiration_timestamp_seconds", CertManager, "Seconds since 1970");

    /// <summary>Whether a target answers.</summary>
    public static ClusterMetric TargetUp { get; } = new("up", Prometheus, "1 where the target answered the last question");

    /// <summary>How often a container was started again.</summary>
    public static ClusterMetric Restarts { get; } = new("kube_pod_container_status_restarts_total", KubeState, "Restarts of a container");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ClusterMetric> All { get; } =
    [
        NodeRefTime, NodeRefNumber, NodePeers, NodeReorgs, BatcherBalance, BatcherRefNumber, ProposerBalance, ProposerRefTime, AgentLeases, AgentHeartbeat,
        AgentProbeFailures, AgentWorkloadStops, AgentReconcileFailures, VolumeAvailable, VolumeCapacity, CertificateExpiry, TargetUp, Restarts,
    ];

    /// <summary>The sources that come with the platform, not with the chain's services.</summary>
    public static IReadOnlyList<string> PlatformSources { get; } = [Kubelet, KubeState, Prometheus, CertManager];
}
