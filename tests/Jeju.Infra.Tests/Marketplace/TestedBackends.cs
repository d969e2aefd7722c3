using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Tests.Marketplace.Kubernetes;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>A backend with what a test does to it. Nobody listens at its endpoints, so the agent does not ask them.</summary>
internal abstract class TestedBackend(IComputeBackend inner) : IComputeBackend, IAsyncDisposable
{
    private int _looks;

    /// <summary>How often the agent made sure that a workload runs.</summary>
    public int Looks => Volatile.Read(ref _looks);

    /// <summary>How many workloads were started since the beginning.</summary>
    public abstract int Starts { get; }

    public string Name => inner.Name;

    public bool HasListeners => false;

    /// <summary>Ends a workload behind the agent's back.</summary>
    public abstract void Crash(Bytes32 orderId);

    public Task PrepareAsync(ServiceKind kind, CancellationToken cancellationToken) => inner.PrepareAsync(kind, cancellationToken);

    public Task<IReadOnlyList<Workload>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public Task<Workload?> FindAsync(Bytes32 orderId, CancellationToken cancellationToken) => inner.FindAsync(orderId, cancellationToken);

    public Task<Workload> EnsureAsync(WorkloadRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _looks);
        return inner.EnsureAsync(request, cancellationToken);
    }

    public Task RemoveAsync(Bytes32 orderId, CancellationToken cancellationToken) => inner.RemoveAsync(orderId, cancellationToken);

    public Task RemoveAllAsync(bool onlyOtherChains, CancellationToken cancellationToken) => inner.RemoveAllAsync(onlyOtherChains, cancellationToken);

    public IAsyncEnumerable<Bytes32?> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public Task<string?> ReadLogTailAsync(Bytes32 orderId, CancellationToken cancellationToken) => inner.ReadLogTailAsync(orderId, cancellationToken);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The backend that runs nothing.</summary>
internal sealed class TestedNullBackend(NullBackend inner) : TestedBackend(inner)
{
    public TestedNullBackend()
        : this(new NullBackend())
    {
    }

    public override int Starts => inner.Starts;

    public override void Crash(Bytes32 orderId) => inner.Crash(orderId);
}

/// <summary>The agent on the backend that runs nothing.</summary>
public sealed class NullBackendAgentTests : ProviderAgentTests
{
    private protected override Task<TestedBackend> NewBackendAsync() => Task.FromResult<TestedBackend>(new TestedNullBackend());
}

/// <summary>The agent on the Kubernetes backend.</summary>
public sealed class KubernetesBackendAgentTests : ProviderAgentTests
{
    private protected override async Task<TestedBackend> NewBackendAsync()
    {
        FakeCluster cluster = await FakeCluster.StartAsync();
        return new Tested(cluster, KubernetesBackendTests.New(cluster));
    }

    private sealed class Tested(FakeCluster cluster, KubernetesBackend inner) : TestedBackend(inner)
    {
        public override int Starts => cluster.Starts;

        public override void Crash(Bytes32 orderId) => cluster.Remove("statefulsets", WorkloadLabels.NameOf(KubernetesBackendTests.Scope, orderId));

        public override async ValueTask DisposeAsync()
        {
            inner.Dispose();
            await cluster.DisposeAsync();
        }
    }
}
