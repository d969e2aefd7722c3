using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;
using ProbeRecord = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.ProbeRecord;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>A placement, by order and number.</summary>
internal readonly record struct PlacementKey(Bytes32 OrderId, uint Placement);

/// <summary>A lease that is to be probed.</summary>
internal sealed record WatchedLease(PlacementKey Key, ServiceKind Kind, ServiceEndpoint Endpoint, ulong ReadyAt);

/// <summary>What holds for all records now.</summary>
internal sealed record WatchRules(ulong ObjectionWindow, int Quorum);

/// <summary>What a watcher reads of the contract.</summary>
internal sealed class WatchedLeases(ChainClient chain, ExternalChainProviderContract orders)
{
    private const int PageSize = 100;

    private readonly Dictionary<PlacementKey, List<(ulong Block, SlotRun Run)>> _recorded = [];
    private ulong? _readThrough;
    private IReadOnlyList<ExternalChainProviderTypes.Order> _live = [];

    public async Task<WatchRules> ReadRulesAsync(CancellationToken cancellationToken)
    {
        ExternalChainProviderTypes.Parameters parameters = await chain.QueryAsync(orders.Parameters(), cancellationToken).ConfigureAwait(false);
        return new WatchRules(parameters.ObjectionWindow, parameters.ProbeQuorum);
    }

    public async Task<IReadOnlyList<bool>> AreWatchersAsync(IReadOnlyList<Address> accounts, CancellationToken cancellationToken) =>
        await chain.QueryAsync(accounts.Select(orders.IsWatcher).ToList(), cancellationToken).ConfigureAwait(false);

    /// <summary>The leases that are paid now and can be probed: kinds that this build does not know are left to watchers that do.</summary>
    public async Task<IReadOnlyList<WatchedLease>> ReadLeasesAsync(CancellationToken cancellationToken)
    {
        ulong block = await chain.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        List<Bytes32> ids = [];
        for (int count = PageSize; count == PageSize;)
        {
            IReadOnlyList<Bytes32> page = await chain.QueryAsync(orders.LiveOrders(ids.Count, PageSize), cancellationToken, block).ConfigureAwait(false);
            ids.AddRange(page);
            count = page.Count;
        }

        IReadOnlyList<ExternalChainProviderTypes.Order> all = await chain
            .QueryAsync(ids.Select(id => orders.Order(id)).ToList(), cancellationToken, block).ConfigureAwait(false);
        _live = all;
        ExternalChainProviderTypes.Order[] ready = [.. all.Where(order => order.State is OrderState.Ready or OrderState.Degraded && order.ReadyAt > 0)];
        IReadOnlyList<ExternalChainProviderTypes.Endpoint> endpoints = await chain
            .QueryAsync(ready.Select(order => orders.EndpointOf(order.OrderId)).ToList(), cancellationToken, block).ConfigureAwait(false);
        return
        [
            .. ready.Zip(endpoints)
                .Select(pair => (Order: pair.First, Endpoint: pair.Second, Kind: ServiceCatalog.TryFind(pair.First.Kind)))
                .Where(lease => lease.Kind?.Workload is not null && lease.Endpoint.Host.Length > 0 && lease.Endpoint.Ports.Count > 0)
                .Select(lease => new WatchedLease(
                    new PlacementKey(lease.Order.OrderId, lease.Order.Placements - 1),
                    lease.Kind!,
                    new ServiceEndpoint(lease.Endpoint.Host, [.. lease.Endpoint.Ports.Select(port => (int)port)]),
                    lease.Order.ReadyAt)),
        ];
    }

    /// <summary>
    /// Whether some lease that was read last has lost its node, or waits for it in the time that it may be judged by: the last before its deadline.
    /// </summary>
    /// <param name="now">The chain's seconds.</param>
    /// <param name="judged">How many seconds a failure is judged by.</param>
    public bool IsAnyFailing(ulong now, ulong judged) => _live.Any(order =>
        order.State is OrderState.Degraded || (order.State is OrderState.Requested && order.ReadyDeadline <= now + judged));

    /// <summary>When some placements end or ended, in the chain's seconds: a slot that begins later is nobody's.</summary>
    public async Task<IReadOnlyDictionary<PlacementKey, ulong>> ReadEndsAsync(IReadOnlyCollection<PlacementKey> keys, CancellationToken cancellationToken)
    {
        IReadOnlyList<ExternalChainProviderTypes.Placement> placements = await chain
            .QueryAsync(keys.Select(key => orders.PlacementOf(key.OrderId, key.Placement)).ToList(), cancellationToken).ConfigureAwait(false);
        return keys.Zip(placements).ToDictionary(
            pair => pair.First, pair => pair.Second.EndedAt != 0 ? pair.Second.EndedAt : pair.Second.ExpiresAt);
    }

    /// <summary>Reads what was recorded since the last call. The last blocks are read again each time: they may have been replaced.</summary>
    public async Task ReadRecordedAsync(ulong head, CancellationToken cancellationToken)
    {
        ulong last = Math.Min(_readThrough ?? head, head);
        ulong from = last - Math.Min(last, ChainClient.ReorganisationDepth);
        IReadOnlyList<ChainLog> logs = await chain.GetLogsAsync(
            LogFilter.For<ExternalChainProviderEvents.ProbeRecorded>(orders.Address), from, head, cancellationToken).ConfigureAwait(false);
        foreach (List<(ulong Block, SlotRun Run)> runs in _recorded.Values)
        {
            runs.RemoveAll(run => run.Block >= from);
        }

        foreach (ChainLog log in logs)
        {
            if (log.TryDecode(out ExternalChainProviderEvents.ProbeRecorded? recorded))
            {
                PlacementKey key = new(recorded.OrderId, recorded.Placement);
                if (!_recorded.TryGetValue(key, out List<(ulong Block, SlotRun Run)>? runs))
                {
                    _recorded[key] = runs = [];
                }

                runs.Add((log.BlockNumber, new SlotRun(recorded.FirstSlot, recorded.Slots)));
            }
        }

        _readThrough = head;
    }

    /// <summary>Whether a slot was recorded by anybody.</summary>
    public bool IsRecorded(PlacementKey key, uint slot) =>
        _recorded.TryGetValue(key, out List<(ulong Block, SlotRun Run)>? runs) && runs.Exists(run => run.Run.Contains(slot));

    /// <summary>Whether there is anything left to record of a record.</summary>
    public bool IsRecorded(ProbeRecord record)
    {
        PlacementKey key = new(record.OrderId, record.Placement);
        return Enumerable.Range(0, (int)record.Slots).All(offset => IsRecorded(key, record.FirstSlot + (uint)offset));
    }

    /// <summary>Forgets the placements that are no longer watched.</summary>
    public void Forget(IReadOnlyCollection<PlacementKey> watched)
    {
        foreach (PlacementKey key in _recorded.Keys.Where(key => !watched.Contains(key)).ToList())
        {
            _recorded.Remove(key);
        }
    }
}
