using System.Diagnostics;

using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Orders;
using Jeju.Infra.Marketplace.Probes;

using Xunit;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>The agent as the process it is in production, killed in the middle of its work.</summary>
public sealed class AgentKillTests
{
    // Moments of a start and of a removal, in milliseconds after the order or its end. Fixed, so that a failure can be repeated.
    private static readonly int[] Moments = [0, 60, 150, 300, 500, 800];

    [DockerFact]
    public async Task Killed_at_any_moment_the_next_agent_finishes_and_nothing_is_there_twice_or_left()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        using DockerEngine docker = new(TimeProvider.System);
        string settings = Path.Combine(network.Settings.StateFolder, "settings.json");
        network.Settings.Save(settings);
        try
        {
            foreach (int moment in Moments)
            {
                await KillWhileStartingAsync(network, docker, settings, moment);
                await KillWhileRemovingAsync(network, docker, settings, moment);
            }
        }
        finally
        {
            foreach (int agent in DetachedProcess.Find(settings))
            {
                Kill(agent);
            }
        }
    }

    private static async Task KillWhileStartingAsync(MarketplaceNetwork network, DockerEngine docker, string settings, int moment)
    {
        int first = StartAgent(network.Settings, settings);
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "killed"), default);
        await Task.Delay(TimeSpan.FromMilliseconds(moment), TimeProvider.System, default);
        Kill(first);

        StartAgent(network.Settings, settings);
        ReadyOrder ready = await network.Flow.WaitUntilReadyAsync(placed.OrderId, network.Key, TimeSpan.FromMinutes(1), null, default);
        ProbeResult probe = await ServiceProbes.For(ProbeProtocol.RedisPing, TimeProvider.System).ProbeAsync(ready.Endpoint, ready.Credentials, default);

        Assert.Equal(ProbeOutcome.Serving, probe.Outcome);
        Assert.Equal((1, 1, 1), await CountAsync(docker, network));
    }

    private static async Task KillWhileRemovingAsync(MarketplaceNetwork network, DockerEngine docker, string settings, int moment)
    {
        (Bytes32 order, _, _) = await network.Chain.QueryAsync(network.Orders.LatestOrder(network.Consumer.Account, network.Order("redis", "killed").Salt), default);
        await network.Flow.TerminateAsync(order, default);
        await Task.Delay(TimeSpan.FromMilliseconds(moment), TimeProvider.System, default);
        foreach (int agent in DetachedProcess.Find(settings))
        {
            Kill(agent);
        }

        int second = StartAgent(network.Settings, settings);
        await UntilAsync(async () => await CountAsync(docker, network) == (0, 0, 0));
        Kill(second);
        Assert.True(await network.StateAsync(order) is OrderState.Ended or OrderState.Settled);
    }

    private static int StartAgent(AgentSettings settings, string file) => DetachedProcess.Start(
        JejuScript.Layout.CommandLineTool, ["agent", "run", "--settings", file], Path.Combine(settings.StateFolder, "agent.log"));

    private static void Kill(int processId)
    {
        using Process process = Process.GetProcessById(processId);
        process.Kill();
        process.WaitForExit();
    }

    private static async Task<(int Containers, int Networks, int Volumes)> CountAsync(DockerEngine docker, MarketplaceNetwork network)
    {
        string[] filter = [$"network.jeju.provider={network.NodeId}"];
        return (
            (await docker.ListContainersAsync(filter, default)).Count,
            (await docker.ListNetworksAsync(filter, default)).Count,
            (await docker.ListVolumesAsync(filter, default)).Count);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }
}
