using System.Runtime.CompilerServices;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>The chain of one provider node, over the contracts' bindings and the agent's own key.</summary>
internal sealed class ProviderNodeChain : IProviderNodeChain
{
    private const int PageSize = 100;

    private readonly ChainClient _client;
    private readonly TransactionPipeline _pipeline;
    private readonly ExternalChainProviderContract _orders;
    private readonly DWSProviderRegistryContract _registry;
    private readonly Bytes32 _nodeId;
    private readonly CursorFile _cursor;

    private ProviderNodeChain(ChainClient client, TransactionPipeline pipeline, AgentSettings settings, CursorFile cursor)
    {
        _client = client;
        _pipeline = pipeline;
        _orders = new ExternalChainProviderContract(settings.ExternalChainProvider);
        _registry = new DWSProviderRegistryContract(settings.ProviderRegistry);
        _nodeId = settings.NodeId;
        _cursor = cursor;
    }

    public ChainId Chain => _client.Identity.ChainId;

    public Bytes32 Genesis => _client.Identity.Genesis;

    public Address Contract => _orders.Address;

    /// <exception cref="InfraException">JEJU0301: no answer; JEJU0302: another chain id; JEJU0304: a development key on a chain that is no localnet.</exception>
    public static async Task<ProviderNodeChain> ConnectAsync(AgentSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        // A key that must not be used there is refused before anybody is asked.
        SoftwareSigner signer = SoftwareSigner.Create(settings.AgentKey, settings.ChainId);
        ChainClient client = await ChainClient.ConnectAsync(
            ChainEndpoint.FromUrl(settings.ChainUrl), settings.ChainId, time, cancellationToken).ConfigureAwait(false);
        try
        {
            // What the agent reports follows from state that it reads again: nothing that an earlier process sent needs to be remembered.
            TransactionPipeline pipeline = await TransactionPipeline.OpenAsync(
                client,
                signer,
                TransactionJournal.InMemory(),
                new TransactionPipelineOptions { Confirmations = settings.Confirmations },
                cancellationToken).ConfigureAwait(false);
            return new ProviderNodeChain(client, pipeline, settings, new CursorFile(settings.CursorFile, client.Identity));
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _pipeline.Dispose();
        await _client.DisposeAsync().ConfigureAwait(false);
    }

    public async Task<TimeSpan> ReadHeartbeatIntervalAsync(CancellationToken cancellationToken)
    {
        DWSProviderRegistryTypes.Parameters parameters = await _client.QueryAsync(_registry.Parameters(), cancellationToken).ConfigureAwait(false);
        return TimeSpan.FromSeconds(parameters.HeartbeatInterval);
    }

    public async Task<IReadOnlyList<Lease>> ReadLeasesAsync(IReadOnlyCollection<Bytes32> alsoOrders, CancellationToken cancellationToken)
    {
        BlockHeader block = await _client.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Bytes32> live = await ReadPagesAsync(
            offset => _orders.LiveOrdersOfNode(_nodeId, offset, PageSize), block.Number, cancellationToken).ConfigureAwait(false);
        Bytes32[] ids = [.. live.Union(alsoOrders)];
        IReadOnlyList<ExternalChainProviderTypes.Order> orders = await _client
            .QueryAsync(ids.Select(id => _orders.Order(id)).ToList(), cancellationToken, block.Number).ConfigureAwait(false);
        IReadOnlyList<ExternalChainProviderTypes.Endpoint> endpoints = await _client
            .QueryAsync(EndpointQueries(orders), cancellationToken, block.Number).ConfigureAwait(false);
        IReadOnlyList<ExternalChainProviderTypes.KindSpec> kinds = await _client
            .QueryAsync(orders.Select(order => _orders.KindSpec(order.Kind, order.Network)).ToList(), cancellationToken, block.Number)
            .ConfigureAwait(false);

        List<Lease> leases = [];
        int endpoint = 0;
        for (int index = 0; index < ids.Length; index++)
        {
            ExternalChainProviderTypes.Order order = orders[index];
            ServiceEndpoint? reported = HasEndpoint(order) ? ToEndpoint(endpoints[endpoint++]) : null;
            ExternalChainProviderTypes.KindSpec kind = kinds[index];
            leases.Add(new Lease(
                ids[index],
                order.State,
                order.NodeId == _nodeId,
                order.Kind,
                order.Network,
                new WorkloadLimits((int)kind.MemoryMb, (int)kind.DiskGb, kind.Cores),
                order.Tee,
                order.EncryptionKey,
                order.Generation,
                (long)order.ReadyDeadline - (long)block.Timestamp,
                reported));
        }

        // On another chain the same order is another lease, that must not get the old one's workload and password. A chain that was replaced never
        // comes back, so what holds after the reading held before.
        await _client.RequireSameChainAsync(cancellationToken).ConfigureAwait(false);
        return leases;
    }

    public async Task<IReadOnlyList<Bytes32>> ReadUnsettledAsync(CancellationToken cancellationToken)
    {
        ulong block = await _client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Bytes32> all = await ReadPagesAsync(
            offset => _orders.OrdersOfNode(_nodeId, offset, PageSize), block, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<OrderState> states = await _client
            .QueryAsync(all.Select(id => _orders.StateOf(id)).ToList(), cancellationToken, block).ConfigureAwait(false);
        return [.. all.Zip(states).Where(pair => pair.Second == OrderState.Ended).Select(pair => pair.First)];
    }

    public async Task ReportReadyAsync(Bytes32 orderId, ServiceEndpoint endpoint, byte[] ciphertext, CancellationToken cancellationToken) =>
        await _pipeline.SendAsync(_orders.ReportNodeReady(orderId, ToChain(endpoint, ciphertext), []), cancellationToken).ConfigureAwait(false);

    public async Task UpdateEndpointAsync(Bytes32 orderId, ServiceEndpoint endpoint, byte[] ciphertext, CancellationToken cancellationToken) =>
        await _pipeline.SendAsync(_orders.UpdateEndpoint(orderId, ToChain(endpoint, ciphertext)), cancellationToken).ConfigureAwait(false);

    public async Task ReleaseAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        await _pipeline.SendAsync(_orders.ReleaseNode(orderId), cancellationToken).ConfigureAwait(false);

    public async Task ExpireAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        await _pipeline.SendAsync(_orders.ExpireNode(orderId), cancellationToken).ConfigureAwait(false);

    public async Task SettleAsync(Bytes32 orderId, CancellationToken cancellationToken)
    {
        (System.Numerics.BigInteger payable, System.Numerics.BigInteger refundable) =
            await _client.QueryAsync(_orders.Settleable(orderId), cancellationToken).ConfigureAwait(false);
        if (!payable.IsZero || !refundable.IsZero)
        {
            await _pipeline.SendAsync(_orders.SettleNode(orderId), cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task HeartbeatAsync(CancellationToken cancellationToken) =>
        await _pipeline.SendAsync(_registry.Heartbeat(_nodeId), cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<bool> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LogFilter filter = LogFilter.Of(_orders.Address);
        await foreach (LogBatch batch in _client.FollowAsync(filter, _cursor.Read(), cancellationToken).ConfigureAwait(false))
        {
            if (batch.Reorganised || batch.Logs.Count > 0)
            {
                yield return true;
            }

            // Only once the caller has come back: what it has not dealt with yet is read again after a crash.
            _cursor.Write(batch.Through);
        }
    }

    private async Task<IReadOnlyList<Bytes32>> ReadPagesAsync(
        Func<int, ContractQuery<IReadOnlyList<Bytes32>>> page, ulong block, CancellationToken cancellationToken)
    {
        List<Bytes32> all = [];
        while (true)
        {
            IReadOnlyList<Bytes32> ids = await _client.QueryAsync(page(all.Count), cancellationToken, block).ConfigureAwait(false);
            all.AddRange(ids);
            if (ids.Count < PageSize)
            {
                return all;
            }
        }
    }

    private List<ContractQuery<ExternalChainProviderTypes.Endpoint>> EndpointQueries(IReadOnlyList<ExternalChainProviderTypes.Order> orders) =>
        [.. orders.Where(HasEndpoint).Select(order => _orders.EndpointOf(order.OrderId))];

    private static bool HasEndpoint(ExternalChainProviderTypes.Order order) => order.State != OrderState.None && order.ReadyAt > 0;

    private static ServiceEndpoint? ToEndpoint(ExternalChainProviderTypes.Endpoint endpoint) => endpoint.Host.Length == 0
        ? null
        : new ServiceEndpoint(endpoint.Host, [.. endpoint.Ports.Select(port => (int)port)]);

    private static ExternalChainProviderTypes.Endpoint ToChain(ServiceEndpoint endpoint, byte[] ciphertext) =>
        new(endpoint.Host, [.. endpoint.Ports.Select(port => (ushort)port)], ciphertext);
}
