using System.Collections.Concurrent;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Backends;

using Microsoft.Extensions.Logging;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// Serves the leases of one provider node: compares what the chain wants with what the backend runs, at the start, at every event of either,
/// and every few seconds, and gives each lease to an actor of its own. It ends only when it is cancelled or the chain was replaced; until
/// then every outage is waited out, and no outage stops a workload.
/// </summary>
internal sealed class ProviderAgent
{
    private readonly AgentContext _context;
    private readonly WakeSignal _reconcile;
    private readonly ConcurrentDictionary<Bytes32, (LeaseActor Actor, Task Run)> _actors = new();
    private readonly Dictionary<Bytes32, long> _orphans = [];

    public ProviderAgent(
        AgentSettings settings, IProviderNodeChain chain, IComputeBackend backend, TimeProvider time, AgentMetrics metrics, ILogger logger)
    {
        _reconcile = new WakeSignal(time);
        _context = new AgentContext(settings, chain, backend, time, metrics, logger) { RequestReconcile = _reconcile.Set };
    }

    /// <summary>The leases, for the status page.</summary>
    public IReadOnlyList<LeaseStatus> Leases => [.. _actors.Values.Select(entry => entry.Actor.Status).OrderBy(status => status.OrderId.ToString(), StringComparer.Ordinal)];

    /// <summary>Runs until cancelled. Workloads go on afterwards.</summary>
    /// <exception cref="InfraException">JEJU0303: the chain was replaced by another one.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] loops =
        [
            SuperviseAsync("follow the chain", FollowChainAsync, stop.Token),
            SuperviseAsync("follow the backend", FollowBackendAsync, stop.Token),
            SuperviseAsync("compare", ReconcileForeverAsync, stop.Token),
            SuperviseAsync("send heartbeats", SendHeartbeatsAsync, stop.Token),
            SuperviseAsync("settle", SettleForeverAsync, stop.Token),
        ];
        try
        {
            await (await Task.WhenAny(loops).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            Task[] all = [.. loops, .. _actors.Values.Select(entry => entry.Run)];
            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Compares once: every lease that is to be served, or is over but still has a workload, gets an actor.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Workload> workloads = await ListWorkloadsAsync(cancellationToken).ConfigureAwait(false);
        HashSet<Bytes32> running = [.. workloads.Select(workload => workload.OrderId)];
        foreach ((Bytes32 orderId, (LeaseActor _, Task run)) in _actors)
        {
            if (run.IsCompleted)
            {
                _actors.TryRemove(orderId, out _);
            }
        }

        Bytes32[] known = [.. running.Union(_actors.Keys)];
        IReadOnlyList<Lease> leases = await _context.Chain.ReadLeasesAsync(known, cancellationToken).ConfigureAwait(false);
        foreach (Lease lease in leases)
        {
            bool isOrphan = lease.IsUnknown && running.Contains(lease.OrderId);
            if (!isOrphan)
            {
                _orphans.Remove(lease.OrderId);
            }

            if (_actors.ContainsKey(lease.OrderId) || lease.IsToBeServed
                || (lease.IsOver && (lease.IsOverdue || running.Contains(lease.OrderId))))
            {
                UpdateActor(lease, cancellationToken);
            }

            if (isOrphan)
            {
                ConsiderOrphan(lease, cancellationToken);
            }
        }

        _context.Metrics.Reconciled();
    }

    private void UpdateActor(Lease lease, CancellationToken cancellationToken)
    {
        if (_actors.TryGetValue(lease.OrderId, out (LeaseActor Actor, Task Run) entry))
        {
            entry.Actor.Update(lease);
            return;
        }

        LeaseActor actor = new(_context, lease);
        _actors[lease.OrderId] = (actor, Task.Run(() => actor.RunAsync(cancellationToken), cancellationToken));
    }

    /// <summary>The chain goes on without the backend: leases are seen, and heartbeats stop.</summary>
    private async Task<IReadOnlyList<Workload>> ListWorkloadsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _context.WithinAsync(
                AgentContext.StepDeadline, "list the workloads", _context.Backend.ListAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException failure)
        {
            _context.Logger.LogWarning("the workloads cannot be listed: {Failure}", failure.ToDisplayText());
            return [];
        }
    }

    /// <summary>
    /// A workload whose order the chain does not know was probably rolled back, and the order will be sent again with the same id: it is
    /// removed only when that has not happened for a while.
    /// </summary>
    private void ConsiderOrphan(Lease lease, CancellationToken cancellationToken)
    {
        long now = _context.Time.GetTimestamp();
        if (_orphans.TryAdd(lease.OrderId, now))
        {
            _context.Logger.LogWarning("workload {OrderId} belongs to an order that the chain does not know; waiting for it", lease.OrderId);
        }

        if (_context.Time.GetElapsedTime(_orphans[lease.OrderId], now) >= TimeSpan.FromSeconds(_context.Settings.OrphanGraceSeconds))
        {
            _orphans.Remove(lease.OrderId);
            _context.Metrics.OrphanRemoved();
            _context.Logger.LogWarning("workload {OrderId} is removed: its order did not come again", lease.OrderId);
            UpdateActor(lease with { State = OrderState.Ended, IsOurs = false }, cancellationToken);
        }
    }

    private async Task FollowChainAsync(CancellationToken cancellationToken)
    {
        await foreach (bool _ in _context.Chain.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            _reconcile.Set();
        }
    }

    private async Task FollowBackendAsync(CancellationToken cancellationToken)
    {
        await foreach (Bytes32? stopped in _context.Backend.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (stopped is { } orderId && _actors.TryGetValue(orderId, out (LeaseActor Actor, Task Run) entry))
            {
                entry.Actor.WorkloadStopped();
            }
            else if (stopped is null)
            {
                // The subscription stands anew: what stopped before it is found by looking at every lease.
                foreach ((LeaseActor actor, Task _) in _actors.Values)
                {
                    actor.Look();
                }

                _reconcile.Set();
            }
        }

        throw new InfraException(
            MarketplaceErrors.WorkloadFailed, $"The {_context.Backend.Name} backend ended its events.", "The agent subscribes again.");
    }

    private async Task ReconcileForeverAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ReconcileAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException)
            {
                _context.Metrics.ReconcileFailed();
                throw;
            }

            LogFile.Bound(_context.Settings.LogFile);
            await _reconcile.WaitAsync(TimeSpan.FromSeconds(_context.Settings.ResyncSeconds), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendHeartbeatsAsync(CancellationToken cancellationToken)
    {
        TimeSpan interval = await _context.Chain.ReadHeartbeatIntervalAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                // A heartbeat says that the node can serve. Without its backend it cannot, and must not be paid.
                await _context.WithinAsync(interval, "ask the backend", _context.Backend.ListAsync, cancellationToken).ConfigureAwait(false);
                await _context.Chain.HeartbeatAsync(cancellationToken).ConfigureAwait(false);
                _context.Metrics.HeartbeatSent(_context.Time.GetUtcNow());
            }
            catch (InfraException)
            {
                _context.Metrics.HeartbeatFailed();
                throw;
            }

            await Task.Delay(interval, _context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SettleForeverAsync(CancellationToken cancellationToken)
    {
        TimeSpan interval = await _context.Chain.ReadHeartbeatIntervalAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            foreach (Bytes32 orderId in await _context.Chain.ReadUnsettledAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    await _context.Chain.SettleAsync(orderId, cancellationToken).ConfigureAwait(false);
                }
                catch (InfraException refusal) when (refusal.Code == ChainErrors.RevertedCode)
                {
                    // Anybody may settle, and somebody was faster; or this order cannot be settled now. The money of the others must not wait for it.
                    _context.Logger.LogWarning("order {OrderId} is not settled: {Refusal}", orderId, refusal.ToDisplayText());
                }
            }

            await Task.Delay(interval, _context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a loop, and runs it again after a pause when it fails. Only a replaced chain and the stop of the agent end it.</summary>
    private async Task SuperviseAsync(string purpose, Func<CancellationToken, Task> loop, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (true)
        {
            long started = _context.Time.GetTimestamp();
            try
            {
                await loop(cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException failure) when (failure.Code != ChainErrors.ReplacedChainCode)
            {
                _context.Logger.LogWarning("cannot {Purpose}: {Failure}", purpose, failure.ToDisplayText());
            }
#pragma warning disable CA1031 // A defect in one loop must not end the others; it is logged with its stack, and the loop begins again.
            catch (Exception defect) when (!(defect is InfraException || (defect is OperationCanceledException && cancellationToken.IsCancellationRequested)))
#pragma warning restore CA1031
            {
                _context.Logger.LogError(defect, "unexpected failure while trying to {Purpose}", purpose);
            }

            failures = _context.Time.GetElapsedTime(started) > TimeSpan.FromMinutes(1) ? 1 : failures + 1;
            await Task.Delay(_context.Backoff(failures), _context.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
