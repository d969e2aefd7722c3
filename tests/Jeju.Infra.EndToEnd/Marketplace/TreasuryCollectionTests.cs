using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.Marketplace.Orders;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>What a lease earns the network reaches its treasury, whoever calls for it, and nothing is called for twice.</summary>
public sealed class TreasuryCollectionTests
{
    [FoundryFact]
    public async Task Fee_of_a_settled_lease_reaches_the_buckets_and_a_second_collection_sends_nothing()
    {
        await using MarketplaceNetwork network = await MarketplaceNetwork.StartAsync();
        PlacedOrder placed = await network.Flow.PlaceAsync(network.Order("redis", "paid"), default);
        await (await network.PipelineAsync(AnvilAccounts.Agent)).SendAsync(
            network.Orders.ReportNodeReady(placed.OrderId, new ExternalChainProviderTypes.Endpoint("127.0.0.1", [20_000], [1]), []), default);
        await network.AdvanceAsync(TimeSpan.FromHours(1));
        await network.Consumer.SendAsync(network.Orders.SettleNode(placed.OrderId), default);
        DelegatedNodeStakingContract staking = new(network.Addresses["DelegatedNodeStaking"]);
        BigInteger fee = await network.Chain.QueryAsync(staking.ClaimableRewardsOf(network.Addresses["Treasury"]), default);
        TransactionPipeline stranger = await network.PipelineAsync(AnvilAccounts.All[8]);
        TreasuryCollection collection = new(network.Addresses, stranger);
        ContractQuery<BigInteger> ownDollars = new TestUsdContract(network.Addresses["TestUsd"]).BalanceOf(stranger.Account);
        BigInteger before = await network.Chain.QueryAsync(ownDollars, default);

        CollectionResult first = await collection.RunAsync(default);
        CollectionResult second = await collection.RunAsync(default);

        Assert.True(fee > 0);
        CollectedAmount arrived = Assert.Single(first.Arrived);
        Assert.Equal(("DelegatedNodeStaking", network.Addresses["TestUsd"], fee), (arrived.Source, arrived.Asset, arrived.Amount.Units));
        Assert.Equal(fee, Assert.Single(first.Booked).Amount.Units);
        Assert.Equal(2, first.Transactions);
        Assert.Equal(
            fee,
            await network.Chain.QueryAsync(
                new TreasuryContract(network.Addresses["Treasury"]).BucketBalance(network.Addresses["TestUsd"], TreasuryTypes.Bucket.Protocol), default));
        Assert.Equal(before, await network.Chain.QueryAsync(ownDollars, default));
        Assert.Empty(second.Arrived);
        Assert.Empty(second.Booked);
        Assert.Equal(0, second.Transactions);
    }
}
