using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;

using Microsoft.Extensions.Logging.Abstractions;

using Xunit;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>What one lease's actor does while the chain has not been read since its report. Nobody compares here but the test.</summary>
public sealed partial class NullBackendAgentTests
{
    [Fact]
    public async Task Crash_between_the_report_and_the_next_reading_of_the_chain_is_repaired_and_not_reported_again()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        await using Actor lease = new(chain, backend, order);
        await Until(() => lease.Phase == LeasePhase.Ready);
        chain.ReadsStandStill = true;

        await LookTwiceAsync(backend, () =>
        {
            backend.Crash(order);
            lease.WorkloadStopped();
        });

        Assert.True((await backend.FindAsync(order, default))!.IsRunning);
        Assert.Single(chain.Reports, report => report.Verb == "ready");
        Assert.Empty(chain.Refusals);
    }

    [Fact]
    public async Task View_of_the_chain_from_before_the_report_that_comes_in_after_it_is_not_reported_again()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        Lease before = chain[order];
        await using Actor lease = new(chain, backend, order);
        await Until(() => lease.Phase == LeasePhase.Ready);

        await LookTwiceAsync(backend, () => lease.Update(before));

        Assert.Single(chain.Reports, report => report.Verb == "ready");
        Assert.Empty(chain.Refusals);
    }

    [Fact]
    public async Task Report_that_was_rolled_back_is_made_again()
    {
        FakeNodeChain chain = new();
        await using TestedBackend backend = await NewBackendAsync();
        Bytes32 order = chain.Request("a");
        Lease before = chain[order];
        await using Actor lease = new(chain, backend, order);
        await Until(() => lease.Phase == LeasePhase.Ready);

        chain.Set(before);
        lease.Update(before);

        await Until(() => chain[order].State == OrderState.Ready);
        Assert.Equal(2, chain.Reports.Count(report => report.Verb == "ready"));
    }

    /// <summary>Wakes twice: when the agent has begun to look for the second time, its first look is over with all that it reports.</summary>
    private static async Task LookTwiceAsync(TestedBackend backend, Action wake)
    {
        for (int time = 0; time < 2; time++)
        {
            int before = backend.Looks;
            wake();
            await Until(() => backend.Looks > before);
        }
    }

    /// <summary>One lease's actor without the agent around it.</summary>
    private sealed class Actor : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly LeaseActor _actor;
        private readonly Task _run;

        public Actor(FakeNodeChain chain, TestedBackend backend, Bytes32 order)
        {
            AgentContext context = new(Settings, chain, backend, TimeProvider.System, new AgentMetrics(), NullLogger.Instance) { RequestReconcile = () => { } };
            _actor = new LeaseActor(context, chain[order]);
            _run = Task.Run(() => _actor.RunAsync(_stop.Token));
        }

        public LeasePhase Phase => _actor.Status.Phase;

        public void WorkloadStopped() => _actor.WorkloadStopped();

        public void Update(Lease view) => _actor.Update(view);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run);
            _stop.Dispose();
        }
    }
}
