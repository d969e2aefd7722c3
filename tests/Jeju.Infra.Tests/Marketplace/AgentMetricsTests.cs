using Jeju.Infra.Marketplace.Agent;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class AgentMetricsTests
{
    private const string Heartbeat = "jeju_agent_last_heartbeat_seconds";

    [Fact]
    public void An_agent_that_stands_by_misses_no_heartbeat() =>
        Assert.DoesNotContain(Heartbeat, new AgentMetrics().Render([]), StringComparison.Ordinal);

    [Fact]
    public void One_that_serves_is_waited_for_from_its_start_and_after_each_heartbeat_from_that()
    {
        AgentMetrics metrics = new();
        metrics.Serves(DateTimeOffset.FromUnixTimeSeconds(1_770_000_000));
        string started = metrics.Render([]);
        metrics.HeartbeatSent(DateTimeOffset.FromUnixTimeSeconds(1_770_000_600));

        Assert.Contains($"{Heartbeat} 1770000000\n", started, StringComparison.Ordinal);
        Assert.Contains($"{Heartbeat} 1770000600\n", metrics.Render([]), StringComparison.Ordinal);
    }
}
