namespace Jeju.Infra.Core;

/// <summary>What an operator must hear of: the list of the design.</summary>
public enum AlertTopic
{
    /// <summary>No new block.</summary>
    UnsafeHeadStalled,

    /// <summary>Blocks that are not yet on Ethereum.</summary>
    SafeHeadLag,

    /// <summary>The batcher's money.</summary>
    BatcherBalance,

    /// <summary>The batcher's work.</summary>
    BatcherLag,

    /// <summary>The proposer's money.</summary>
    ProposerBalance,

    /// <summary>The proposer's work.</summary>
    ProposerLag,

    /// <summary>The connection to Ethereum.</summary>
    L1Connectivity,

    /// <summary>Ethereum replaced blocks.</summary>
    Reorganization,

    /// <summary>Peers of the nodes.</summary>
    PeerCount,

    /// <summary>Days until a volume is full.</summary>
    DiskGrowth,

    /// <summary>The managed database.</summary>
    Database,

    /// <summary>Leases that wait.</summary>
    LeaseQueue,

    /// <summary>Heartbeats of the provider node that the chain did not get.</summary>
    MissedHeartbeats,

    /// <summary>Leased workloads that do not do what was promised.</summary>
    ServiceLevel,

    /// <summary>Certificates.</summary>
    CertificateExpiry,

    /// <summary>Requests that the firewall refused.</summary>
    FirewallBlocks,

    /// <summary>A service that does not answer Prometheus, or starts again and again.</summary>
    ServiceHealth,
}

/// <summary>How soon somebody must look.</summary>
public enum AlertSeverity
{
    /// <summary>Now, at any hour.</summary>
    Critical,

    /// <summary>On the same day.</summary>
    Warning,
}

/// <summary>A condition on the cluster's figures that somebody is told about.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Severity">How soon somebody must look.</param>
/// <param name="For">How long the condition must hold.</param>
/// <param name="Expression">The condition in PromQL.</param>
/// <param name="Metrics">The figures in it.</param>
/// <param name="Summary">What is wrong, in one sentence.</param>
/// <param name="Runbook">What to look at and what to do, in order.</param>
public sealed record ClusterAlert(
    string Name,
    AlertTopic Topic,
    AlertSeverity Severity,
    TimeSpan For,
    string Expression,
    IReadOnlyList<ClusterMetric> Metrics,
    string Summary,
    string Runbook)
{
    /// <summary>The duration as Prometheus writes it, for example <c>5m</c>.</summary>
    public string ForText => For.TotalHours >= 1 && For.Minutes == 0 ? $"{(int)For.TotalHours}h" : $"{(int)For.TotalMinutes}m";

    /// <summary>The severity as a label.</summary>
    public string SeverityLabel => Severity.ToString().ToLowerInvariant();
}

/// <summary>An alert on figures that only the cloud has: the end of its alarm's or policy's name.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="AwsAlarm">The alarm in CloudWatch.</param>
/// <param name="GcpPolicy">The policy in Cloud Monitoring.</param>
public sealed record CloudAlert(AlertTopic Topic, string AwsAlarm, string GcpPolicy);
