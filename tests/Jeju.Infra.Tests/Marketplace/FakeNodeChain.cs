using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Agent;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>A chain in memory that knows orders of one provider node and does what the contract does with them.</summary>
internal sealed class FakeNodeChain : IProviderNodeChain
{
    private readonly ConcurrentDictionary<Bytes32, Lease> _orders = new();
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();

    public ChainId Chain => ChainId.Anvil;

    public Bytes32 Genesis => Bytes32.FromName("genesis");

    public Address Contract => Address.Parse("0x" + new string('1', 40));

    /// <summary>Whether the node cannot be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether whoever reads leases gets no answer, as from a node that hangs.</summary>
    public bool ReadsStandStill { get; set; }

    /// <summary>What goes wrong with a report, by its verb and order; nothing where null.</summary>
    public Func<string, Bytes32, Exception?> FailWith { get; set; } = (_, _) => null;

    /// <summary>The orders that have ended and still hold money.</summary>
    public IReadOnlyList<Bytes32> Unsettled { get; set; } = [];

    /// <summary>What the agent reported, in order: verb and order.</summary>
    public ConcurrentQueue<(string Verb, Bytes32 OrderId)> Reports { get; } = new();

    /// <summary>What the contract refused, because the order is not in a state for it.</summary>
    public ConcurrentQueue<(string Verb, Bytes32 OrderId)> Refusals { get; } = new();

    public int Heartbeats => Reports.Count(report => report.Verb == "heartbeat");

    public Lease this[Bytes32 orderId] => _orders[orderId];

    public Bytes32 Request(string name, string kind = "redis", bool needsTee = false)
    {
        Bytes32 id = Bytes32.FromName(name);
        Set(new Lease(
            id, OrderState.Requested, true, Bytes32.FromName(kind), Bytes32.FromName("localnet"), new WorkloadLimits(1024, 1, 1), needsTee,
            SealKey, 1, 120, null));
        return id;
    }

    /// <summary>Sets an order to a state, as the consumer or time would.</summary>
    public void Set(Lease lease)
    {
        _orders[lease.OrderId] = lease;
        _changes.Writer.TryWrite(true);
    }

    /// <summary>Takes an order away, as a rollback does.</summary>
    public void Forget(Bytes32 orderId)
    {
        _orders.TryRemove(orderId, out _);
        _changes.Writer.TryWrite(true);
    }

    public Task<TimeSpan> ReadHeartbeatIntervalAsync(CancellationToken cancellationToken) => Answer(TimeSpan.FromMilliseconds(50));

    public async Task<IReadOnlyList<Lease>> ReadLeasesAsync(IReadOnlyCollection<Bytes32> alsoOrders, CancellationToken cancellationToken)
    {
        IEnumerable<Bytes32> live = _orders.Values
            .Where(lease => lease.IsOurs && lease.State is not (OrderState.Ended or OrderState.Settled)).Select(lease => lease.OrderId);
        IReadOnlyList<Lease> leases = [.. live.Union(alsoOrders).Select(id => _orders.GetValueOrDefault(id) ?? Unknown(id))];
        if (ReadsStandStill)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return await Answer(leases);
    }

    public Task<IReadOnlyList<Bytes32>> ReadUnsettledAsync(CancellationToken cancellationToken) => Answer(Unsettled);

    public Task ReportReadyAsync(Bytes32 orderId, ServiceEndpoint endpoint, byte[] ciphertext, CancellationToken cancellationToken) =>
        Report("ready", orderId, lease => lease with { State = OrderState.Ready, Endpoint = endpoint }, lease => lease.IsRequested);

    public Task UpdateEndpointAsync(Bytes32 orderId, ServiceEndpoint endpoint, byte[] ciphertext, CancellationToken cancellationToken) =>
        Report("endpoint", orderId, lease => lease with { Endpoint = endpoint }, lease => lease.IsReported);

    public Task ReleaseAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        Report("release", orderId, lease => lease with { State = OrderState.Ended });

    public Task ExpireAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        Report("expire", orderId, lease => lease with { State = OrderState.Ended });

    public Task SettleAsync(Bytes32 orderId, CancellationToken cancellationToken) => Report("settle", orderId, lease => lease);

    public Task HeartbeatAsync(CancellationToken cancellationToken) => Report("heartbeat", Bytes32.Zero, lease => lease);

    public async IAsyncEnumerable<bool> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (bool change in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            yield return change;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The public key of a key that nobody needs here: any point will do that shares a secret.
    private static Bytes32 SealKey { get; } =
        Infra.Marketplace.Credentials.EncryptionKey.FromPrivateKey(Enumerable.Repeat((byte)3, 32).ToArray()).PublicKey;

    private static Lease Unknown(Bytes32 orderId) => new(
        orderId, OrderState.None, false, Bytes32.Zero, Bytes32.Zero, new WorkloadLimits(0, 0, 0), false, Bytes32.Zero, 0, 0, null);

    private Task Report(string verb, Bytes32 orderId, Func<Lease, Lease> change, Func<Lease, bool>? isAllowed = null)
    {
        if (IsDown)
        {
            return Answer(true);
        }

        if (FailWith(verb, orderId) is { } failure)
        {
            return Task.FromException(failure);
        }

        if (isAllowed is not null && !(_orders.TryGetValue(orderId, out Lease? order) && isAllowed(order)))
        {
            Refusals.Enqueue((verb, orderId));
            return Task.FromException(new InfraException(ChainErrors.RevertedCode, $"The contract refuses {verb}.", "Look at the order."));
        }

        Reports.Enqueue((verb, orderId));
        if (_orders.TryGetValue(orderId, out Lease? lease))
        {
            Set(change(lease));
        }

        return Task.CompletedTask;
    }

    private Task<T> Answer<T>(T answer) => IsDown
        ? Task.FromException<T>(new InfraException(ChainErrors.UnreachableCode, "The node is down.", "Wait."))
        : Task.FromResult(answer);
}
