using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.Marketplace.Orders;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>What one account pays for at the same time, it pays for in full.</summary>
public sealed class OrderPaymentTests
{
    [FoundryFact]
    public async Task Leases_of_one_account_are_extended_at_the_same_time()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        PlacedOrder[] placed = [await network.Flow.PlaceAsync(network.Order("redis", "first"), default), await network.Flow.PlaceAsync(network.Order("redis", "second"), default)];
        TransactionPipeline provider = await network.PipelineAsync(AnvilAccounts.Agent);
        await provider.SendAsync(
            [.. placed.Select((order, index) => network.Orders.ReportNodeReady(order.OrderId, new ExternalChainProviderTypes.Endpoint("127.0.0.1", [(ushort)(20_000 + index)], [1]), []))],
            default);
        IReadOnlyList<ExternalChainProviderTypes.Order> before = await ReadAsync(network, placed);

        // Both find credits that suffice for one of them.
        DWSBillingContract billing = new(network.Addresses["DWSBilling"]);
        await network.Consumer.SendAsync(
            [
                new TestUsdContract(network.Addresses["TestUsd"]).Approve(billing.Address, before[0].PricePerHour * 24),
                billing.Deposit(network.Consumer.Account, before[0].PricePerHour * 24),
            ],
            default);

        await Task.WhenAll(before.Select(order => network.Flow.ExtendAsync(order, 24, default)));

        IReadOnlyList<ExternalChainProviderTypes.Order> after = await ReadAsync(network, placed);
        Assert.True((await network.Chain.QueryAsync(billing.CreditsOf(network.Consumer.Account), default)).IsZero);
        Assert.All(before.Zip(after), pair => Assert.Equal((pair.First.Deposit + (pair.First.PricePerHour * 24), pair.First.ExpiresAt + (24 * 3600)), (pair.Second.Deposit, pair.Second.ExpiresAt)));
    }

    private static async Task<IReadOnlyList<ExternalChainProviderTypes.Order>> ReadAsync(MarketplaceNetwork network, IEnumerable<PlacedOrder> placed) =>
        await network.Chain.QueryAsync(placed.Select(order => network.Orders.Order(order.OrderId)).ToList(), default);
}
