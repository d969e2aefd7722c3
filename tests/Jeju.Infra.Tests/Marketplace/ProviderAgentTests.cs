using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Backends;

using Microsoft.Extensions.Logging.Abstractions;

using Xunit;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>What an agent does for its leases, on every backend that a test can run.</summary>
public abstract class ProviderAgentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private protected static readonly AgentSettings Settings = new()
    {
        ChainUrl = "http://127.0.0.1:1",
        ChainId = ChainId.Anvil,
        ExternalChainProvider = Address.Parse("0x" + new string('1', 40)),
        ProviderRegistry = Address.Parse("0x" + new string('2', 40)),
        NodeId = Bytes32.FromName("node"),
        AgentKey = "0x" + new string('3', 64),
        StateFolder = "/nonexistent",
        RepositoryRoot = "/nonexistent",
        ResyncSeconds = 1,
    };

    [Fact]
    public async Task Requested_lease_is_started_and_reported_once()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using (Run agent = new(chain, backend))
        {
            await Until(() => chain[order].State == OrderState.Ready);
            await Until(() => agent.Agent.Leases.Any(lease => lease.Phase == LeasePhase.Ready));
        }

        // A restarted agent takes over: nothing is started and nothing is reported again.
        await using Run restarted = new(chain, backend);
        await Until(() => restarted.Agent.Leases.Any(lease => lease.Phase == LeasePhase.Ready));
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
        await using Run agent = new(chain, backend);

        await Until(() => chain[order].State == OrderState.Ended);
        Assert.Contains(("release", order), chain.Reports);
        Assert.Equal(0, backend.Starts);
    }

    [Fact]
    public async Task Stopped_workload_is_restored()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using Run agent = new(chain, backend);
        await Until(() => chain[order].State == OrderState.Ready);

        backend.Crash(order);

        await UntilAsync(async () => (await backend.FindAsync(order, default))?.IsRunning == true);
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
        await using Run agent = new(chain, backend);
        await Until(() => chain[order].State == OrderState.Ready);

        chain.Set(chain[order] with { State = state });

        await UntilAsync(async () => await backend.FindAsync(order, default) is null);
        if (expires)
        {
            await Until(() => chain.Reports.Contains(("expire", order)));
        }
        else
        {
            await Until(() => agent.Agent.Leases.All(lease => lease.Phase == LeasePhase.Ended));
            Assert.DoesNotContain(("expire", order), chain.Reports);
        }
    }

    [Fact]
    public async Task Replaced_lease_loses_its_workload_only_when_it_is_replaced()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using Run agent = new(chain, backend);
        await Until(() => chain[order].State == OrderState.Ready);

        chain.Set(chain[order] with { State = OrderState.Degraded });
        await agent.ComparedAgainAsync();
        Assert.NotNull(await backend.FindAsync(order, default));

        chain.Set(chain[order] with { State = OrderState.Requested, IsOurs = false });
        await UntilAsync(async () => await backend.FindAsync(order, default) is null);
    }

    [Fact]
    public async Task Rolled_back_order_keeps_its_workload_and_is_adopted_when_it_comes_again()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using Run agent = new(chain, backend);
        await Until(() => chain[order].State == OrderState.Ready);

        chain.Forget(order);
        await agent.ComparedAgainAsync();
        Assert.NotNull(await backend.FindAsync(order, default));

        chain.Request("a");
        await Until(() => chain.Reports.Count(report => report.Verb == "ready") == 2);
        Assert.Equal(1, backend.Starts);
    }

    [Fact]
    public async Task Workload_whose_order_does_not_come_again_is_removed_after_the_grace()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using Run agent = new(chain, backend, Settings with { OrphanGraceSeconds = 0 });
        await Until(() => chain[order].State == OrderState.Ready);

        chain.Forget(order);

        await UntilAsync(async () => await backend.FindAsync(order, default) is null);
    }

    [Fact]
    public async Task Outage_of_the_chain_stops_no_workload_and_a_crash_during_it_is_repaired()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using Run agent = new(chain, backend);
        await Until(() => chain[order].State == OrderState.Ready);

        chain.IsDown = true;
        backend.Crash(order);

        await UntilAsync(async () => (await backend.FindAsync(order, default))?.IsRunning == true);
        int before = chain.Heartbeats;
        chain.IsDown = false;
        await Until(() => chain.Heartbeats > before);
    }

    private protected abstract Task<TestedBackend> NewBackendAsync();

    private protected static Task Until(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = new(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
    }

    private protected sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;

        public Run(FakeNodeChain chain, IComputeBackend backend, AgentSettings? settings = null)
        {
            Agent = new ProviderAgent(settings ?? Settings, chain, backend, TimeProvider.System, Metrics, NullLogger.Instance);
            _run = Task.Run(() => Agent.RunAsync(_stop.Token));
        }

        public ProviderAgent Agent { get; }

        public AgentMetrics Metrics { get; } = new();

        /// <summary>Returns when a comparison has begun and ended after this call.</summary>
        public async Task ComparedAgainAsync()
        {
            long before = Metrics.Reconciles;
            await Until(() => Metrics.Reconciles >= before + 2);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run);
            _stop.Dispose();
        }
    }
}
