using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// The chain as the agent of one provider node needs it: state to read, facts to report, and a signal that something changed. The agent never
/// acts on an event's content, only on state that it reads afterwards, so a missed or repeated event does no harm.
/// </summary>
internal interface IProviderNodeChain : IAsyncDisposable
{
    /// <summary>The chain's identity, for labels.</summary>
    ChainId Chain { get; }

    /// <summary>The hash of the chain's first block, for labels.</summary>
    Bytes32 Genesis { get; }

    /// <summary>ExternalChainProvider, to which sealed credentials are bound.</summary>
    Address Contract { get; }

    /// <summary>How often the chain expects a heartbeat.</summary>
    Task<TimeSpan> ReadHeartbeatIntervalAsync(CancellationToken cancellationToken);

    /// <summary>The live orders of the provider node, and the orders named, at the same block.</summary>
    Task<IReadOnlyList<Lease>> ReadLeasesAsync(IReadOnlyCollection<Bytes32> alsoOrders, CancellationToken cancellationToken);

    /// <summary>All orders of the provider node that have ended and still hold money.</summary>
    Task<IReadOnlyList<Bytes32>> ReadUnsettledAsync(CancellationToken cancellationToken);

    /// <summary>Reports that an order's node is ready.</summary>
    Task ReportReadyAsync(Bytes32 orderId, ServiceEndpoint endpoint, byte[] ciphertext, CancellationToken cancellationToken);

    /// <summary>Reports that the endpoint of a ready order is another one now.</summary>
    Task UpdateEndpointAsync(Bytes32 orderId, ServiceEndpoint endpoint, byte[] ciphertext, CancellationToken cancellationToken);

    /// <summary>Gives an order up, which costs its consumer nothing.</summary>
    Task ReleaseAsync(Bytes32 orderId, CancellationToken cancellationToken);

    /// <summary>Ends an order whose time is over.</summary>
    Task ExpireAsync(Bytes32 orderId, CancellationToken cancellationToken);

    /// <summary>Moves the money of an order that is past its objection window; does nothing when there is none to move.</summary>
    Task SettleAsync(Bytes32 orderId, CancellationToken cancellationToken);

    /// <summary>Reports that the provider node is alive.</summary>
    Task HeartbeatAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Yields whenever an order of the provider node may have changed, beginning at the persisted cursor. An outage of the node is waited out.
    /// </summary>
    /// <exception cref="InfraException">JEJU0303: the chain was replaced by another.</exception>
    IAsyncEnumerable<bool> WatchAsync(CancellationToken cancellationToken);
}
