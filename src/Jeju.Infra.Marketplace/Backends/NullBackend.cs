using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// Keeps leases in memory and runs nothing: an agent can be tried, and its bookkeeping tested, without a container engine. Its endpoints
/// answer nobody.
/// </summary>
public sealed class NullBackend : IComputeBackend
{
    private readonly ConcurrentDictionary<Bytes32, Workload> _workloads = new();
    private readonly ConcurrentDictionary<Channel<Bytes32?>, bool> _watchers = new();
    private int _starts;

    /// <inheritdoc/>
    public string Name => "null";

    /// <inheritdoc/>
    public bool HasListeners => false;

    /// <summary>How many workloads were started since the beginning: a restart of the agent must not raise it.</summary>
    public int Starts => _starts;

    /// <inheritdoc/>
    public Task PrepareAsync(ServiceKind kind, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Workload>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Workload>>([.. _workloads.Values]);

    /// <inheritdoc/>
    public Task<Workload?> FindAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        Task.FromResult(_workloads.GetValueOrDefault(orderId));

    /// <inheritdoc/>
    public Task<Workload> EnsureAsync(WorkloadRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Workload workload = _workloads.AddOrUpdate(
            request.OrderId,
            id =>
            {
                Interlocked.Increment(ref _starts);
                IReadOnlyList<int> ports = request.Kind.Workload?.Ports.Select(port => port.Number).ToList() ?? [80];
                ServiceCredentials credentials = LeaseCredentials.Generate(request.Kind);
                return new Workload(id, request.Kind.Name, true, request.Pinned ?? new ServiceEndpoint("127.0.0.1", ports), credentials);
            },
            (_, present) => present with { IsRunning = true });
        return Task.FromResult(workload);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(Bytes32 orderId, CancellationToken cancellationToken)
    {
        _workloads.TryRemove(orderId, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RemoveAllAsync(bool onlyOtherChains, CancellationToken cancellationToken)
    {
        if (!onlyOtherChains)
        {
            _workloads.Clear();
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends the process of a workload, as a crash would, and reports it.</summary>
    public void Crash(Bytes32 orderId)
    {
        if (_workloads.TryGetValue(orderId, out Workload? workload))
        {
            _workloads[orderId] = workload with { IsRunning = false };
            foreach (Channel<Bytes32?> watcher in _watchers.Keys)
            {
                watcher.Writer.TryWrite(orderId);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Bytes32?> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<Bytes32?> changes = Channel.CreateUnbounded<Bytes32?>();
        _watchers[changes] = true;
        try
        {
            yield return null;
            await foreach (Bytes32? change in changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            _watchers.TryRemove(changes, out _);
        }
    }

    /// <inheritdoc/>
    public Task<string?> ReadLogTailAsync(Bytes32 orderId, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
