using System.Globalization;
using System.Text;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>The agent's counters, written in Prometheus's text format (version 0.0.4).</summary>
internal sealed class AgentMetrics
{
    private long _heartbeats;
    private long _heartbeatFailures;
    private long _lastHeartbeat;
    private long _servingSince;
    private long _reconciles;
    private long _reconcileFailures;
    private long _workloadStops;
    private long _probeFailures;
    private long _leaseFailures;
    private long _orphansRemoved;

    /// <summary>Seconds since 1970 of the last heartbeat that the chain took; 0 before the first.</summary>
    public long LastHeartbeat => Volatile.Read(ref _lastHeartbeat);

    /// <summary>How often chain and backend were compared with success.</summary>
    public long Reconciles => Volatile.Read(ref _reconciles);

    /// <summary>A node is served from now on: from here its heartbeats are waited for.</summary>
    public void Serves(DateTimeOffset since) => Volatile.Write(ref _servingSince, since.ToUnixTimeSeconds());

    public void HeartbeatSent(DateTimeOffset at)
    {
        Interlocked.Increment(ref _heartbeats);
        Volatile.Write(ref _lastHeartbeat, at.ToUnixTimeSeconds());
    }

    public void HeartbeatFailed() => Interlocked.Increment(ref _heartbeatFailures);

    public void Reconciled() => Interlocked.Increment(ref _reconciles);

    public void ReconcileFailed() => Interlocked.Increment(ref _reconcileFailures);

    public void WorkloadStopped() => Interlocked.Increment(ref _workloadStops);

    public void ProbeFailed() => Interlocked.Increment(ref _probeFailures);

    public void LeaseFailed() => Interlocked.Increment(ref _leaseFailures);

    public void OrphanRemoved() => Interlocked.Increment(ref _orphansRemoved);

    /// <summary>The page that a scraper reads.</summary>
    public string Render(IReadOnlyList<LeaseStatus> leases)
    {
        StringBuilder page = new();
        Counter(page, "jeju_agent_heartbeats_total", "Heartbeats that the chain took.", _heartbeats);
        Counter(page, "jeju_agent_heartbeat_failures_total", "Heartbeats that could not be sent.", _heartbeatFailures);

        // An agent that stands by has no heartbeats to miss; one that serves and never gets one through is as late as one that stopped.
        long heartbeat = Math.Max(LastHeartbeat, Volatile.Read(ref _servingSince));
        if (heartbeat > 0)
        {
            Gauge(page, "jeju_agent_last_heartbeat_seconds", "When the chain took the last heartbeat, or before the first when the agent began to serve, in seconds since 1970.", heartbeat);
        }

        Counter(page, "jeju_agent_reconciles_total", "Comparisons of chain and backend.", _reconciles);
        Counter(page, "jeju_agent_reconcile_failures_total", "Comparisons that failed.", _reconcileFailures);
        Counter(page, "jeju_agent_workload_stops_total", "Workloads that stopped or vanished unasked.", _workloadStops);
        Counter(page, "jeju_agent_probe_failures_total", "Probes that found a workload silent for too long.", _probeFailures);
        Counter(page, "jeju_agent_lease_failures_total", "Failed steps in the care of leases.", _leaseFailures);
        Counter(page, "jeju_agent_orphans_removed_total", "Workloads removed because the chain does not know them.", _orphansRemoved);
        Header(page, "jeju_agent_leases", "Leases by phase.", "gauge");
        foreach (LeasePhase phase in Enum.GetValues<LeasePhase>())
        {
            int count = leases.Count(lease => lease.Phase == phase);
            page.Append(CultureInfo.InvariantCulture, $"jeju_agent_leases{{phase=\"{phase.ToString().ToLowerInvariant()}\"}} {count}\n");
        }

        return page.ToString();
    }

    private static void Counter(StringBuilder page, string name, string help, long value) => Line(page, name, help, "counter", value);

    private static void Gauge(StringBuilder page, string name, string help, long value) => Line(page, name, help, "gauge", value);

    private static void Line(StringBuilder page, string name, string help, string type, long value)
    {
        Header(page, name, help, type);
        page.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Header(StringBuilder page, string name, string help, string type) =>
        page.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
