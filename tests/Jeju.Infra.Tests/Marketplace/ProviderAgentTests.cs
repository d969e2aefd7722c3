using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;
using Xunit;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>What an agent does for its leases, on every backend that a test can run.</summary>
public abstract class ProviderAgentTests
{
    [Fact]
    public async Task Requested_lease_is_started_and_reported_once()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using (AgentRun agent = new(chain, backend))
        {
            await AgentRun.Until(() => chain[order].State == OrderState.Ready);
            await AgentRun.Until(() => agent.Agent.Leases.Any(lease => lease.Phase == LeasePhase.Ready));
        }

        // A restarted agent takes over: nothing is started and nothing is reported again.
        await using AgentRun restarted = new(chain, backend);
        await AgentRun.Until(() => restarted.Agent.Leases.Any(lease => lease.Phase == LeasePhase.Ready));
        Assert.Equal(1, backend.Starts);
        Assert.Single(chain.Reports, report => report.Verb == "ready");
    }

    [Theory]
    [InlineData("no-such-kind", false)]
    [InlineData("redis", true)]
    public async Task Lease_that_cannot_be_served_is_given_up_at_once(string kind, bool needsTee)
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a", kind, needsTee);
        await using AgentRun agent = new(chain, backend);

        await AgentRun.Until(() => chain[order].State == OrderState.Ended);
        Assert.Contains(("release", order), chain.Reports);
        Assert.Equal(0, backend.Starts);
    }

    [Fact]
    public async Task Stopped_workload_is_restored()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using AgentRun agent = new(chain, backend);
        await AgentRun.Until(() => chain[order].State == OrderState.Ready);

        backend.Crash(order);

        await AgentRun.UntilAsync(async () => (await backend.FindAsync(order, default))?.IsRunning == true);
    }

    [Theory]
    [InlineData(OrderState.Expired, true)]
    [InlineData(OrderState.Unserved, true)]
    [InlineData(OrderState.Ended, false)]
    [InlineData(OrderState.Settled, false)]
    public async Task Lease_that_is_over_loses_its_workload_and_an_overdue_one_is_ended_on_chain(OrderState state, bool expires)
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using AgentRun agent = new(chain, backend);
        await AgentRun.Until(() => chain[order].State == OrderState.Ready);

        chain.Set(chain[order] with { State = state });

        await AgentRun.UntilAsync(async () => await backend.FindAsync(order, default) is null);
        if (expires)
        {
            await AgentRun.Until(() => chain.Reports.Contains(("expire", order)));
        }
        else
        {
            await AgentRun.Until(() => agent.Agent.Leases.All(lease => lease.Phase == LeasePhase.Ended));
            Assert.DoesNotContain(("expire", order), chain.Reports);
        }
    }

    [Fact]
    public async Task Replaced_lease_loses_its_workload_only_when_it_is_replaced()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using AgentRun agent = new(chain, backend);
        await AgentRun.Until(() => chain[order].State == OrderState.Ready);

        chain.Set(chain[order] with { State = OrderState.Degraded });
        await agent.ComparedAgainAsync();
        Assert.NotNull(await backend.FindAsync(order, default));

        chain.Set(chain[order] with { State = OrderState.Requested, IsOurs = false });
        await AgentRun.UntilAsync(async () => await backend.FindAsync(order, default) is null);
    }

    [Fact]
    public async Task Rolled_back_order_keeps_its_workload_and_is_adopted_when_it_comes_again()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using AgentRun agent = new(chain, backend);
        await AgentRun.Until(() => chain[order].State == OrderState.Ready);

        chain.Forget(order);
        await agent.ComparedAgainAsync();
        Assert.NotNull(await backend.FindAsync(order, default));

        chain.Request("a");
        await AgentRun.Until(() => chain.Reports.Count(report => report.Verb == "ready") == 2);
        Assert.Equal(1, backend.Starts);
    }

    [Fact]
    public async Task Workload_whose_order_does_not_come_again_is_removed_after_the_grace()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using AgentRun agent = new(chain, backend, AgentRun.Settings with { OrphanGraceSeconds = 0 });
        await AgentRun.Until(() => chain[order].State == OrderState.Ready);

        chain.Forget(order);

        await AgentRun.UntilAsync(async () => await backend.FindAsync(order, default) is null);
    }

    [Fact]
    public async Task Outage_of_the_chain_stops_no_workload_and_a_crash_during_it_is_repaired()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using AgentRun agent = new(chain, backend);
        await AgentRun.Until(() => chain[order].State == OrderState.Ready);

        chain.IsDown = true;
        backend.Crash(order);

        await AgentRun.UntilAsync(async () => (await backend.FindAsync(order, default))?.IsRunning == true);
        int before = chain.Heartbeats;
        chain.IsDown = false;
        await AgentRun.Until(() => chain.Heartbeats > before);
    }

    private protected abstract Task<TestedBackend> NewBackendAsync();
}
