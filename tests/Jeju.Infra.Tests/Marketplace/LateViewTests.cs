using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;

using Microsoft.Extensions.Logging.Abstractions;

using Xunit;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>What one lease's actor does while the chain has not been read since its report. Nobody compares here but the test.</summary>
public sealed class LateViewTests : IAsyncLifetime
{
    private readonly FakeNodeChain _chain = new();
    private readonly TestedNullBackend _backend = new();
    private readonly Bytes32 _order;
    private readonly Lease _beforeTheReport;
    private readonly Actor _lease;

    public LateViewTests()
    {
        _order = _chain.Request("a");
        _beforeTheReport = _chain[_order];
        _lease = new Actor(_chain, _backend, _order);
    }

    public Task InitializeAsync() => AgentRun.Until(() => _lease.Phase == LeasePhase.Ready);

    public async Task DisposeAsync()
    {
        await _lease.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Crash_between_the_report_and_the_next_reading_of_the_chain_is_repaired_and_not_reported_again()
    {
        _chain.ReadsStandStill = true;

        await LookTwiceWithoutAnotherReportAsync(() =>
        {
            _backend.Crash(_order);
            _lease.WorkloadStopped();
        });

        Assert.True((await _backend.FindAsync(_order, default))!.IsRunning);
    }

    [Fact]
    public Task View_of_the_chain_from_before_the_report_that_comes_in_after_it_is_not_reported_again() =>
        LookTwiceWithoutAnotherReportAsync(() => _lease.Update(_beforeTheReport));

    [Fact]
    public async Task Report_that_was_rolled_back_is_made_again()
    {
        _chain.Set(_beforeTheReport);
        _lease.Update(_beforeTheReport);

        await AgentRun.Until(() => _chain[_order].State == OrderState.Ready);
        Assert.Equal(2, Reports);
    }

    private int Reports => _chain.Reports.Count(report => report.Verb == "ready");

    /// <summary>Wakes twice: when the agent has begun to look for the second time, its first look is over with all that it reports.</summary>
    private async Task LookTwiceWithoutAnotherReportAsync(Action wake)
    {
        for (int time = 0; time < 2; time++)
        {
            int before = _backend.Looks;
            wake();
            await AgentRun.Until(() => _backend.Looks > before);
        }

        Assert.Equal(1, Reports);
        Assert.Empty(_chain.Refusals);
    }

    /// <summary>One lease's actor without the agent around it.</summary>
    private sealed class Actor : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly LeaseActor _actor;
        private readonly Task _run;

        public Actor(FakeNodeChain chain, TestedBackend backend, Bytes32 order)
        {
            AgentContext context = new(AgentRun.Settings, chain, backend, TimeProvider.System, new AgentMetrics(), NullLogger.Instance) { RequestReconcile = () => { } };
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
