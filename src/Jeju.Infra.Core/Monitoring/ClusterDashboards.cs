using System.Text.Json.Nodes;
using static Jeju.Infra.Core.ClusterMetrics;

namespace Jeju.Infra.Core;

/// <summary>A chart of a dashboard.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Unit">Grafana's name of the unit, for example <c>s</c>, <c>bytes</c> or <c>short</c>.</param>
/// <param name="Expression">What it shows, in PromQL.</param>
/// <param name="Legend">What tells its lines apart.</param>
/// <param name="Metrics">The figures in it.</param>
public sealed record DashboardChart(string Title, string Unit, string Expression, string Legend, params IReadOnlyList<ClusterMetric> Metrics);

/// <summary>A dashboard of Grafana as code.</summary>
/// <param name="Name">Its stable id, which is also the name of its object.</param>
/// <param name="Title">Its title.</param>
/// <param name="Charts">Its charts, two in a row.</param>
public sealed record ClusterDashboard(string Name, string Title, IReadOnlyList<DashboardChart> Charts)
{
    private const int Columns = 2;
    private const int ChartWidth = 12;
    private const int ChartHeight = 8;
    private const int SchemaVersion = 39;

    /// <summary>The dashboard as Grafana reads it (Grafana documentation, "Dashboard JSON model").</summary>
    public string ToJson()
    {
        JsonArray panels = [.. Charts.Select((chart, index) => new JsonObject
        {
            ["id"] = index + 1,
            ["type"] = "timeseries",
            ["title"] = chart.Title,
            ["datasource"] = Source(),
            ["gridPos"] = new JsonObject { ["h"] = ChartHeight, ["w"] = ChartWidth, ["x"] = index % Columns * ChartWidth, ["y"] = index / Columns * ChartHeight },
            ["fieldConfig"] = new JsonObject { ["defaults"] = new JsonObject { ["unit"] = chart.Unit }, ["overrides"] = new JsonArray() },
            ["targets"] = new JsonArray(new JsonObject
            {
                ["refId"] = "A",
                ["datasource"] = Source(),
                ["expr"] = chart.Expression,
                ["legendFormat"] = chart.Legend,
            }),
        })];
        return new JsonObject
        {
            ["uid"] = Name,
            ["title"] = Title,
            ["tags"] = new JsonArray("jeju"),
            ["timezone"] = "utc",
            ["schemaVersion"] = SchemaVersion,
            ["refresh"] = "30s",
            ["time"] = new JsonObject { ["from"] = "now-6h", ["to"] = "now" },
            ["panels"] = panels,
        }.ToJsonString();
    }

    private static JsonObject Source() => new() { ["type"] = "prometheus", ["uid"] = "prometheus" };
}

/// <summary>The dashboards of every cluster. The cloud's own figures have a dashboard in the cloud.</summary>
public static class ClusterDashboards
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ClusterDashboard> All { get; } =
    [
        new("jeju-chain", "Chain",
        [
            new("Age of the heads", "s", $$"""time() - max by (type) ({{NodeRefTime}}{layer="l2"})""", "{{type}}", NodeRefTime),
            new("Blocks", "short", $$"""max by (type) ({{NodeRefNumber}}{layer="l2"})""", "{{type}}", NodeRefNumber),
            new("Age of Ethereum's head", "s", $$"""time() - max by (pod) ({{NodeRefTime}}{layer="l1",type="l1_head"})""", "{{pod}}", NodeRefTime),
            new("Peers", "short", $"max by (pod) ({NodePeers})", "{{pod}}", NodePeers),
            new("Batcher behind the chain", "short", $$"""max({{NodeRefNumber}}{layer="l2",type="l2_unsafe"}) - max({{BatcherRefNumber}}{layer="l2"})""", "blocks", NodeRefNumber, BatcherRefNumber),
            new("Age of the last proposal", "s", $$"""time() - max({{ProposerRefTime}}{layer="l2",type="proposed"})""", "proposer", ProposerRefTime),
            new("Batcher's balance in ETH", "short", $"min({BatcherBalance})", "batcher", BatcherBalance),
            new("Proposer's balance in ETH", "short", $"min({ProposerBalance})", "proposer", ProposerBalance),
            new("Reorganizations of Ethereum", "short", $"max(increase({NodeReorgs}[1h]))", "in an hour", NodeReorgs),
        ]),
        new("jeju-marketplace", "Marketplace",
        [
            new("Leases by phase", "short", $"sum by (phase) ({AgentLeases})", "{{phase}}", AgentLeases),
            new("Age of the last heartbeat", "s", $"time() - max({AgentHeartbeat})", "heartbeat", AgentHeartbeat),
            new("Silent workloads", "short", $"sum(increase({AgentProbeFailures}[1h]))", "in an hour", AgentProbeFailures),
            new("Workloads that stopped", "short", $"sum(increase({AgentWorkloadStops}[1h]))", "in an hour", AgentWorkloadStops),
            new("Failed comparisons", "short", $"sum(increase({AgentReconcileFailures}[1h]))", "in an hour", AgentReconcileFailures),
        ]),
        new("jeju-cluster", "Cluster",
        [
            new("Services that answer", "short", $"sum by (namespace, job) ({TargetUp})", "{{namespace}}/{{job}}", TargetUp),
            new("Restarts", "short", $"sum by (namespace, pod) (increase({Restarts}[1h])) > 0", "{{namespace}}/{{pod}}", Restarts),
            new("Free share of volumes", "percentunit", $"{VolumeAvailable} / {VolumeCapacity}", "{{namespace}}/{{persistentvolumeclaim}}", VolumeAvailable, VolumeCapacity),
            new("Days of certificates", "d", $"({CertificateExpiry} - time()) / 86400", "{{namespace}}/{{name}}", CertificateExpiry),
        ]),
    ];
}
