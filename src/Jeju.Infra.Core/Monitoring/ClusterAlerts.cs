using static Jeju.Infra.Core.ClusterMetrics;

namespace Jeju.Infra.Core;

/// <summary>
/// The alerts. Those on the cluster's figures are rules of the Prometheus in the cluster and, on Google Cloud, policies of the managed one; those on figures that only the
/// cloud has are the cloud's own.
/// </summary>
public static class ClusterAlerts
{
    private const string OurNamespaces = "op-stack|indexer|gateway|bundler|farcaster|covenantsql|messaging|dws";

    /// <summary>The chain.</summary>
    public static IReadOnlyList<ClusterAlert> Chain { get; } =
    [
        new(
            "UnsafeHeadStalled", AlertTopic.UnsafeHeadStalled, AlertSeverity.Critical, TimeSpan.FromMinutes(2),
            $$"""time() - max({{NodeRefTime}}{layer="l2",type="l2_unsafe"}) > 30""", [NodeRefTime],
            "The chain has made no block for half a minute.",
            "1. Is op-node-sequencer running, and does its log say 'sequencer stopped'? 2. Is op-geth-sequencer ready, and is the engine's secret the same in both? "
            + "3. Does L1 answer (alert L1Unreachable)? 4. Delete the pod of op-node-sequencer: it sequences as soon as it is there again. Its administration is on no port. Never start a second one."),
        new(
            "SafeHeadBehind", AlertTopic.SafeHeadLag, AlertSeverity.Critical, TimeSpan.FromMinutes(5),
            $$"""max({{NodeRefTime}}{layer="l2",type="l2_unsafe"}) - max({{NodeRefTime}}{layer="l2",type="l2_safe"}) > 3600""", [NodeRefTime],
            "An hour of blocks is not on Ethereum yet, twice what the batcher may collect; after the sequencing window they would be dropped.",
            "1. Does the batcher run, and has it money (BatcherBalanceLow)? 2. Is its transaction stuck: fees on Ethereum, nonce? 3. Do the signer's certificates hold? "
            + "4. Raise the batcher's fee limit by setting; stop the sequencer only when the window is nearly over."),
        new(
            "BatcherBalanceLow", AlertTopic.BatcherBalance, AlertSeverity.Critical, TimeSpan.FromMinutes(5),
            $"min({BatcherBalance}) < 1", [BatcherBalance],
            "The batcher's account has less than 1 ETH.",
            "Send ETH on Ethereum to the batcher's address, which its log names at the start and the KMS key 'batcher' has. Then look why it spends so much."),
        new(
            "BatcherBehind", AlertTopic.BatcherLag, AlertSeverity.Warning, TimeSpan.FromMinutes(15),
            $$"""max({{NodeRefNumber}}{layer="l2",type="l2_unsafe"}) - max({{BatcherRefNumber}}{layer="l2"}) > 900""", [NodeRefNumber, BatcherRefNumber],
            "The batcher is 900 blocks behind the chain.",
            "1. Does its log repeat a refusal of op-signer? 2. Does op-geth-sequencer answer it? 3. Is it restarted again and again (memory)?"),
        new(
            "ProposerBalanceLow", AlertTopic.ProposerBalance, AlertSeverity.Critical, TimeSpan.FromMinutes(5),
            $"min({ProposerBalance}) < 0.5", [ProposerBalance],
            "The proposer's account has less than half an ETH, bonds of open games not counted.",
            "Send ETH on Ethereum to the proposer's address. If bonds are locked, resolve the finished games and claim them."),
        new(
            "ProposerBehind", AlertTopic.ProposerLag, AlertSeverity.Warning, TimeSpan.FromMinutes(30),
            $$"""time() - max({{ProposerRefTime}}{layer="l2",type="proposed"}) > 14400""", [ProposerRefTime],
            "The last proposed output is older than four hours: withdrawals wait.",
            "1. Has it money? 2. Is the safe head behind? 3. Is the address of the dispute game factory that of the chain? 4. Are proposals paused by the guardian?"),
        new(
            "L1Unreachable", AlertTopic.L1Connectivity, AlertSeverity.Critical, TimeSpan.FromMinutes(2),
            $$"""time() - max by (namespace, pod) ({{NodeRefTime}}{layer="l1",type="l1_head"}) > 180""", [NodeRefTime],
            "{{ $labels.pod }} has seen no block of Ethereum for three minutes.",
            "1. Ask both endpoints of the secret op-stack/l1-endpoints by hand. 2. Is the account at their provider in order, and its limit not reached? "
            + "3. Put another endpoint into the store; the cluster has it within the hour, a restart of the pod takes it."),
        new(
            "L1Reorganized", AlertTopic.Reorganization, AlertSeverity.Warning, TimeSpan.FromMinutes(1),
            $"max(increase({NodeReorgs}[15m])) > 0", [NodeReorgs],
            "Ethereum replaced blocks that the chain had built on.",
            "Usually nothing is to be done: the nodes derive again. Look whether the unsafe head goes on, and whether batches were sent again. Tell integrators if more than two blocks were replaced."),
        new(
            "FewPeers", AlertTopic.PeerCount, AlertSeverity.Warning, TimeSpan.FromMinutes(10),
            $"min by (namespace, pod) ({NodePeers}) < 1", [NodePeers],
            "{{ $labels.pod }} has no peer: it gets new blocks from Ethereum only, when their batch is there.",
            "1. Does the setting 'staticPeers' of the stack name the sequencer, by the peer id that op-node-sequencer-0 writes to its log at the start? The id lies on its volume and stays. "
            + "2. Do the pods of op-node reach each other on 9003, both transports?"),
    ];

    /// <summary>The network's own provider node.</summary>
    public static IReadOnlyList<ClusterAlert> Marketplace { get; } =
    [
        new(
            "LeasesWait", AlertTopic.LeaseQueue, AlertSeverity.Warning, TimeSpan.FromMinutes(10),
            $$"""sum({{AgentLeases}}{phase=~"requested|starting|probing"}) > 5""", [AgentLeases],
            "More than five leases are not ready.",
            "1. Which step do they wait in ('jeju discover', the agent's status)? 2. Is there room: quota of dws-tenants, nodes at their maximum? 3. Can images be pulled?"),
        new(
            "HeartbeatsMissed", AlertTopic.MissedHeartbeats, AlertSeverity.Critical, TimeSpan.FromMinutes(1),
            $"time() - max({AgentHeartbeat}) > 1200", [AgentHeartbeat],
            "The chain has had no heartbeat for two intervals: customers are refunded and may be moved.",
            "1. Does the agent run? 2. Does the settlement chain answer it? 3. Has the agent's account money for gas? 4. Is its key still the node's agent on chain?"),
        new(
            "LeasesDegraded", AlertTopic.ServiceLevel, AlertSeverity.Critical, TimeSpan.FromMinutes(5),
            $$"""sum({{AgentLeases}}{phase="degraded"}) > 0""", [AgentLeases],
            "A leased workload does not do what was promised, and is not paid.",
            "1. The agent's status names the lease and the last answer of its probe. 2. Look at the pod in dws-tenants. 3. Never delete its volume."),
        new(
            "LeasesUnstable", AlertTopic.ServiceLevel, AlertSeverity.Warning, TimeSpan.FromMinutes(5),
            $"sum(increase({AgentProbeFailures}[1h])) + sum(increase({AgentWorkloadStops}[1h])) > 10", [AgentProbeFailures, AgentWorkloadStops],
            "Leased workloads stopped or fell silent more than ten times in an hour.",
            "Look for a node that is short of memory, and for one lease that takes part in most of it."),
        new(
            "AgentBlind", AlertTopic.ServiceLevel, AlertSeverity.Warning, TimeSpan.FromMinutes(10),
            $"increase({AgentReconcileFailures}[10m]) > 5", [AgentReconcileFailures],
            "The agent cannot compare chain and cluster; running leases go on, new ones do not start.",
            "1. Does the settlement chain answer? 2. Does the API server answer the agent's service account?"),
    ];

    /// <summary>The cluster.</summary>
    public static IReadOnlyList<ClusterAlert> Cluster { get; } =
    [
        new(
            "VolumeFullSoon", AlertTopic.DiskGrowth, AlertSeverity.Warning, TimeSpan.FromHours(1),
            $"predict_linear({VolumeAvailable}[6h], 7 * 86400) < 0 and {VolumeAvailable} / {VolumeCapacity} < 0.5", [VolumeAvailable, VolumeCapacity],
            "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is full within seven days.",
            "Grow each claim of the workload with 'kubectl patch pvc': the storage class grows volumes while they are used. The size in the settings is that of volumes yet to be made, and changing it makes "
            + "the stateful set anew: its pods stop for a while, its volumes stay. Chain data never shrinks by itself."),
        new(
            "VolumeNearlyFull", AlertTopic.DiskGrowth, AlertSeverity.Critical, TimeSpan.FromMinutes(10),
            $"predict_linear({VolumeAvailable}[6h], 86400) < 0 or {VolumeAvailable} / {VolumeCapacity} < 0.05", [VolumeAvailable, VolumeCapacity],
            "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is full within a day.",
            "Grow the volume now: 'kubectl patch pvc' takes effect at once, without a deployment."),
        new(
            "CertificateExpires", AlertTopic.CertificateExpiry, AlertSeverity.Critical, TimeSpan.FromHours(1),
            $"{CertificateExpiry} - time() < 14 * 86400", [CertificateExpiry],
            "The certificate {{ $labels.namespace }}/{{ $labels.name }} ends within two weeks; without it nothing is signed.",
            "cert-manager renews a month ahead, so it has failed for two weeks: look at the events of the Certificate and of its Issuer."),
        new(
            "ServiceSilent", AlertTopic.ServiceHealth, AlertSeverity.Critical, TimeSpan.FromMinutes(5),
            $$"""max by (namespace, job) ({{TargetUp}}{namespace=~"{{OurNamespaces}}"}) == 0""", [TargetUp],
            "No pod of {{ $labels.namespace }}/{{ $labels.job }} answers Prometheus.",
            "1. Do its pods run? 2. Has a network policy been changed? 3. Has the port of its figures been changed?"),
        new(
            "ServiceRestarts", AlertTopic.ServiceHealth, AlertSeverity.Warning, TimeSpan.FromMinutes(5),
            $$"""increase({{Restarts}}{namespace=~"{{OurNamespaces}}"}[1h]) > 3""", [Restarts],
            "{{ $labels.namespace }}/{{ $labels.pod }} was started again more than three times in an hour.",
            "Read the log of the container before its end ('kubectl logs --previous'); exit code 137 is memory."),
    ];

    /// <summary>All rules of the cluster.</summary>
    public static IReadOnlyList<ClusterAlert> All { get; } = [.. Chain, .. Marketplace, .. Cluster];

    /// <summary>The alerts on figures that only the cloud has.</summary>
    public static IReadOnlyList<CloudAlert> Cloud { get; } =
    [
        new(AlertTopic.Database, "database-cpu", "database-cpu"),
        new(AlertTopic.Database, "database-storage", "database-storage"),
        new(AlertTopic.Database, "database-connections", "database-connections"),
        new(AlertTopic.Database, "database-memory", "database-memory"),
        new(AlertTopic.CertificateExpiry, "certificate", "certificate"),
        new(AlertTopic.FirewallBlocks, "firewall", "firewall"),
    ];
}
