using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Discovery;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Orders;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>Services are found by the chain alone, by a reader that never ordered anything.</summary>
public sealed class ServiceDiscoveryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Live_orders_are_found_by_kind_consumer_and_node_with_their_endpoints_and_ended_ones_are_not()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        ServiceDiscovery discovery = new(network.Chain, network.Addresses);
        Assert.Empty(await discovery.FindAsync(new DiscoveryFilter(), default));
        PlacedOrder waiting = await network.Flow.PlaceAsync(network.Order("postgres", "waiting"), default);

        DiscoveredService accepted = Assert.Single(await discovery.FindAsync(new DiscoveryFilter(), default));
        await using RunningAgent agent = new(network.Settings with { Backend = "null" });
        PlacedOrder redis = await network.Flow.PlaceAsync(network.Order("redis", "a"), default);
        PlacedOrder ended = await network.Flow.PlaceAsync(network.Order("redis", "b"), default);
        ReadyOrder ready = await network.Flow.WaitUntilReadyAsync(redis.OrderId, network.Key, Patience, null, default);
        await network.Flow.WaitUntilReadyAsync(waiting.OrderId, network.Key, Patience, null, default);
        await network.Flow.TerminateAsync(ended.OrderId, default);

        Assert.Equal((waiting.OrderId, null), (accepted.Order.OrderId, accepted.Address));
        Assert.Equal<IEnumerable<Bytes32>>(
            new HashSet<Bytes32> { waiting.OrderId, redis.OrderId },
            (await discovery.FindAsync(new DiscoveryFilter(), default)).Select(service => service.Order.OrderId).ToHashSet());
        DiscoveredService found = Assert.Single(await discovery.FindAsync(new DiscoveryFilter(Kind: "redis"), default));
        Assert.Equal((redis.OrderId, $"{ready.Endpoint.Host}:{ready.Endpoint.Ports[0]}"), (found.Order.OrderId, found.Address));
        Assert.Equal(2, (await discovery.FindAsync(new DiscoveryFilter(Consumer: AnvilAccounts.Consumer.Address, NodeId: network.NodeId), default)).Count);
        Assert.Empty(await discovery.FindAsync(new DiscoveryFilter(Consumer: AnvilAccounts.Operator.Address), default));
        Assert.Empty(await discovery.FindAsync(new DiscoveryFilter(NodeId: Bytes32.FromName("nobody")), default));

        // By its id an order is found when it is over, too.
        DiscoveredService over = Assert.Single(await discovery.ReadAsync([ended.OrderId], default));
        Assert.Contains(over.Order.State, new[] { ExternalChainProviderTypes.OrderState.Ended, ExternalChainProviderTypes.OrderState.Settled });
        Assert.Equal((redis.OrderId, 1UL, ExternalChainProviderTypes.OrderState.Ready),
            await discovery.LatestAsync(AnvilAccounts.Consumer.Address, Keccak.Hash("a"), default));
        Assert.Null(await discovery.FindByNameAsync("nothing.jeju", default));
    }
}
