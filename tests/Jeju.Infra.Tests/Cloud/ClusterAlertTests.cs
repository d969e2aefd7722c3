using System.Text.Json;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Cloud;

public sealed partial class ClusterAlertTests
{
    /// <summary>Words of PromQL that are no figures.</summary>
    private static readonly string[] Language = ["time", "max", "min", "sum", "increase", "predict_linear", "by", "and", "or"];

    [Fact]
    public void EveryTopicOfTheDesignHasAnAlert() =>
        Assert.Equal(
            Enum.GetValues<AlertTopic>().ToHashSet(),
            ClusterAlerts.All.Select(alert => alert.Topic).Concat(ClusterAlerts.Cloud.Select(alert => alert.Topic)).ToHashSet());

    [Fact]
    public void EveryAlertHasADurationASummaryAndARunbookAndANameOfItsOwn()
    {
        Assert.Equal(ClusterAlerts.All.Count, ClusterAlerts.All.Select(alert => alert.Name).Distinct().Count());
        Assert.All(ClusterAlerts.All, alert =>
        {
            Assert.InRange(alert.For, TimeSpan.FromMinutes(1), TimeSpan.FromHours(6));
            Assert.Matches("^[1-9][0-9]*[mh]$", alert.ForText);
            Assert.EndsWith(".", alert.Summary, StringComparison.Ordinal);
            Assert.True(alert.Runbook.Length > 60, alert.Name);
        });
    }

    [Fact]
    public void EveryFigureOfAnAlertOrDashboardIsDeclaredAndEveryDeclaredOneIsUsed()
    {
        (string Name, string Expression, IReadOnlyList<ClusterMetric> Metrics)[] uses =
        [
            .. ClusterAlerts.All.Select(alert => (alert.Name, alert.Expression, alert.Metrics)),
            .. ClusterDashboards.All.SelectMany(dashboard => dashboard.Charts).Select(chart => (chart.Title, chart.Expression, chart.Metrics)),
        ];
        Assert.All(uses, use => Assert.Equal(Figures(use.Expression).Order(StringComparer.Ordinal), use.Metrics.Select(metric => metric.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(ClusterMetrics.All.ToHashSet(), uses.SelectMany(use => use.Metrics).ToHashSet());
    }

    [Theory]
    [InlineData(NetworkName.Testnet)]
    [InlineData(NetworkName.Mainnet)]
    public void EveryFigureIsExposedByAWorkloadThatPrometheusReadsOrByThePlatform(NetworkName network)
    {
        IReadOnlyList<WorkloadPlan> workloads = WorkloadPlans.For(network, CloudName.Aws, sequences: true);
        Assert.All(ClusterMetrics.All, metric => Assert.True(
            ClusterMetrics.PlatformSources.Contains(metric.Source) || workloads.Any(workload => workload.Name == metric.Source && workload.FiguresPort is not null),
            $"nothing exposes {metric.Name}"));
    }

    [Fact]
    public void TheAgentsFiguresHaveTheNamesThatTheAgentWrites()
    {
        string page = File.ReadAllText(Path.Combine(Architecture.Checkout.Layout.Root, "src", "Jeju.Infra.Marketplace", "Agent", "AgentMetrics.cs"));
        Assert.All(
            ClusterMetrics.All.Where(metric => metric.Source == WorkloadNames.DwsAgent),
            metric => Assert.Contains($"\"{metric.Name}\"", page, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryDashboardIsGrafanasJsonWithItsChartsSideBySide()
    {
        Assert.Equal(["jeju-chain", "jeju-marketplace", "jeju-cluster"], ClusterDashboards.All.Select(dashboard => dashboard.Name));
        Assert.All(ClusterDashboards.All, dashboard =>
        {
            using JsonDocument json = JsonDocument.Parse(dashboard.ToJson());
            JsonElement[] panels = [.. json.RootElement.GetProperty("panels").EnumerateArray()];
            Assert.Equal(dashboard.Charts.Count, panels.Length);
            Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("gridPos").ToString()).Distinct().Count());
            Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        });
    }

    private static IEnumerable<string> Figures(string expression) =>
        Word().Matches(Labels().Replace(expression, "")).Select(match => match.Value).Where(word => !Language.Contains(word)).Distinct();

    /// <summary>Label matchers, ranges, and the labels that a sum is by.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"[a-z_][a-z0-9_]*")]
    private static partial Regex Word();
}
