using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Backends;

using Xunit;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>What fails for one lease, or for a moment, holds up nothing else of an agent.</summary>
public sealed class StuckBackendTests
{
    [Fact]
    public async Task Lease_that_hangs_holds_up_no_other()
    {
        FakeNodeChain chain = new();
        StuckBackend backend = new("stuck");
        Bytes32 stuck = chain.Request("stuck");
        Bytes32 fine = chain.Request("fine");
        await using AgentRun agent = new(chain, backend);

        await AgentRun.Until(() => chain[fine].State == OrderState.Ready);
        Assert.Equal(OrderState.Requested, chain[stuck].State);
    }

    [Fact]
    public async Task Without_its_backend_the_node_sends_no_heartbeat()
    {
        FakeNodeChain chain = new();
        StuckBackend backend = new("none") { ListFails = true };
        await using AgentRun agent = new(chain, backend);

        await AgentRun.Until(() => agent.Metrics.Render([]).Contains("jeju_agent_heartbeat_failures_total 1", StringComparison.Ordinal));
        Assert.Equal(0, chain.Heartbeats);
        backend.ListFails = false;
        await AgentRun.Until(() => chain.Heartbeats > 0);
    }

    [Fact]
    public async Task Cancellation_that_nobody_asked_for_ends_no_loop_of_the_agent()
    {
        int beats = 0;
        FakeNodeChain chain = new() { FailWith = (verb, _) => verb == "heartbeat" && beats++ == 0 ? new TaskCanceledException("a deadline") : null };
        await using AgentRun agent = new(chain, new NullBackend());

        await AgentRun.Until(() => chain.Heartbeats > 0);
    }

    [Fact]
    public async Task Cancellation_that_nobody_asked_for_is_a_failure_of_the_lease_and_followed_by_a_pause()
    {
        int reports = 0;
        FakeNodeChain chain = new() { FailWith = (verb, _) => verb == "ready" && reports++ == 0 ? new TaskCanceledException("a deadline") : null };
        Bytes32 order = chain.Request("a");
        await using AgentRun agent = new(chain, new NullBackend());

        await AgentRun.Until(() => chain[order].State == OrderState.Ready);
        Assert.Contains("jeju_agent_lease_failures_total 1", agent.Metrics.Render([]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_that_cannot_be_settled_keeps_back_no_other()
    {
        Bytes32 first = Bytes32.FromName("first"), second = Bytes32.FromName("second");
        FakeNodeChain chain = new()
        {
            Unsettled = [first, second],
            FailWith = (verb, order) => verb == "settle" && order == first
                ? new InfraException(Jeju.Infra.Chain.ChainErrors.RevertedCode, "The contract refuses.", "Look at the order.")
                : null,
        };
        await using AgentRun agent = new(chain, new NullBackend());

        await AgentRun.Until(() => chain.Reports.Contains(("settle", second)));
        Assert.DoesNotContain(("settle", first), chain.Reports);
    }

    /// <summary>A backend on which one lease never starts.</summary>
    private sealed class StuckBackend(string stuckOrder) : IComputeBackend
    {
        private readonly NullBackend _inner = new();

        public bool ListFails { get; set; }

        public string Name => "stuck";

        public bool HasListeners => false;

        public Task PrepareAsync(Jeju.Infra.Core.Catalog.ServiceKind kind, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<Workload>> ListAsync(CancellationToken cancellationToken) => ListFails
            ? Task.FromException<IReadOnlyList<Workload>>(
                new InfraException(Jeju.Infra.Core.Docker.DockerEngine.Unreachable, "The daemon does not answer.", "Start it."))
            : _inner.ListAsync(cancellationToken);

        public Task<Workload?> FindAsync(Bytes32 orderId, CancellationToken cancellationToken) => _inner.FindAsync(orderId, cancellationToken);

        public async Task<Workload> EnsureAsync(WorkloadRequest request, CancellationToken cancellationToken)
        {
            if (request.OrderId.ToName() == stuckOrder)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            Workload workload = await _inner.EnsureAsync(request, cancellationToken);
            return workload;
        }

        public Task RemoveAsync(Bytes32 orderId, CancellationToken cancellationToken) => _inner.RemoveAsync(orderId, cancellationToken);

        public Task RemoveAllAsync(bool onlyOtherChains, CancellationToken cancellationToken) =>
            _inner.RemoveAllAsync(onlyOtherChains, cancellationToken);

        public IAsyncEnumerable<Bytes32?> WatchAsync(CancellationToken cancellationToken) => _inner.WatchAsync(cancellationToken);

        public Task<string?> ReadLogTailAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
            _inner.ReadLogTailAsync(orderId, cancellationToken);
    }
}
