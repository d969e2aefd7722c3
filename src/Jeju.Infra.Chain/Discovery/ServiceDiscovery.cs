using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Discovery;

/// <summary>An order and its endpoint as the chain knows them now.</summary>
/// <param name="Order">The order.</param>
/// <param name="Endpoint">Where it answers; absent before readiness.</param>
public sealed record DiscoveredService(ExternalChainProviderTypes.Order Order, ExternalChainProviderTypes.Endpoint? Endpoint)
{
    /// <summary>The kind by its name.</summary>
    public string Kind => Order.Kind.ToName();

    /// <summary>The network by its name.</summary>
    public string Network => Order.Network.ToName();

    /// <summary>The endpoint as host and first port; absent before readiness.</summary>
    public string? Address => Endpoint is { Ports.Count: > 0 } endpoint
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{endpoint.Host}:{endpoint.Ports[0]}")
        : null;
}

/// <summary>What to look for. An absent member means any.</summary>
/// <param name="Kind">The kind of service.</param>
/// <param name="Consumer">Who ordered it.</param>
/// <param name="NodeId">Which provider node serves it.</param>
public sealed record DiscoveryFilter(string? Kind = null, Address? Consumer = null, Bytes32? NodeId = null);

/// <summary>
/// Finds services by the chain alone: no file, no cache, no server. All reads of one search are of one block, so they agree with each other.
/// </summary>
/// <param name="chain">The chain.</param>
/// <param name="addresses">The suite; its addresses follow from the deployer's.</param>
public sealed class ServiceDiscovery(ChainClient chain, SuiteAddresses addresses)
{
    private const int PageSize = 100;
    private readonly ExternalChainProviderContract _provider = new(addresses["ExternalChainProvider"]);
    private readonly JNSResolverContract _resolver = new(addresses["JNSResolver"]);

    /// <summary>The live orders that match, with their endpoints.</summary>
    public async Task<IReadOnlyList<DiscoveredService>> FindAsync(DiscoveryFilter filter, CancellationToken cancellationToken)
    {
        ulong block = await chain.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        List<DiscoveredService> found = [];
        for (int offset = 0; ; offset += PageSize)
        {
            ContractQuery<IReadOnlyList<Bytes32>> page = filter.NodeId is { } node
                ? _provider.LiveOrdersOfNode(node, offset, PageSize)
                : _provider.LiveOrders(offset, PageSize);
            IReadOnlyList<Bytes32> ids = await chain.QueryAsync(page, cancellationToken, block).ConfigureAwait(false);
            IReadOnlyList<DiscoveredService> services = await ReadAsync(ids, block, cancellationToken).ConfigureAwait(false);
            found.AddRange(services.Where(service => (filter.Kind is null || service.Kind == filter.Kind)
                && (filter.Consumer is null || service.Order.Consumer == filter.Consumer)));
            if (ids.Count < PageSize)
            {
                return found;
            }
        }
    }

    /// <summary>Orders by their ids, live or not.</summary>
    public async Task<IReadOnlyList<DiscoveredService>> ReadAsync(IReadOnlyList<Bytes32> orderIds, CancellationToken cancellationToken) =>
        await ReadAsync(orderIds, null, cancellationToken).ConfigureAwait(false);

    /// <summary>The service that a name points at; null when it points nowhere.</summary>
    /// <param name="name">The full name, <c>postgres.jeju</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<DiscoveredService?> FindByNameAsync(string name, CancellationToken cancellationToken)
    {
        JNSResolverTypes.ServiceRecord record = await chain.QueryAsync(_resolver.Service(JnsNames.Hash(name)), cancellationToken).ConfigureAwait(false);
        if (record.OrderId.IsZero)
        {
            return null;
        }

        IReadOnlyList<DiscoveredService> services = await ReadAsync([record.OrderId], cancellationToken).ConfigureAwait(false);
        return services[0];
    }

    /// <summary>The most recent order that a consumer made under a salt.</summary>
    public async Task<(Bytes32 OrderId, ulong Generation, ExternalChainProviderTypes.OrderState State)> LatestAsync(
        Address consumer, Bytes32 salt, CancellationToken cancellationToken) =>
        await chain.QueryAsync(_provider.LatestOrder(consumer, salt), cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<DiscoveredService>> ReadAsync(IReadOnlyList<Bytes32> ids, ulong? block, CancellationToken cancellationToken)
    {
        // Two kinds of answers cannot travel typed in one list; two requests can still leave at once.
        Task<IReadOnlyList<ExternalChainProviderTypes.Order>> orders = chain.QueryAsync(
            [.. ids.Select(id => _provider.Order(id))], cancellationToken, block);
        Task<IReadOnlyList<ExternalChainProviderTypes.Endpoint>> endpoints = chain.QueryAsync(
            [.. ids.Select(id => _provider.EndpointOf(id))], cancellationToken, block);
        return [.. (await orders.ConfigureAwait(false)).Zip(
            await endpoints.ConfigureAwait(false), static (order, endpoint) => new DiscoveredService(order, endpoint.Host.Length > 0 ? endpoint : null))];
    }
}
