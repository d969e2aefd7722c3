using System.Numerics;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Orders;

using Xunit;

using FailoverPolicy = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.FailoverPolicy;
using Offer = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.Offer;

namespace Jeju.Infra.Tests.Marketplace;

public sealed class OfferSelectionTests
{
    private static readonly OrderSpecification Wish = new()
    {
        Salt = Bytes32.FromName("salt"),
        Kind = ServiceCatalog.Find("redis"),
        Network = NetworkName.Localnet,
        EncryptionKey = Bytes32.FromName("key"),
    };

    [Fact]
    public void The_cheapest_offer_that_fits_is_chosen_whatever_the_order_of_the_list()
    {
        Offer[] offers = [OfferOf("a", 30), OfferOf("b", 10), OfferOf("c", 20), OfferOf("d", 5) with { Available = false }];

        Assert.Equal("b", Choose(Wish, offers).OfferId.ToName());
        Assert.Equal("b", Choose(Wish, [.. offers.Reverse()]).OfferId.ToName());
        Assert.Equal("a", Choose(Wish, [OfferOf("b", 10), OfferOf("a", 10)]).OfferId.ToName());
    }

    [Fact]
    public void Every_wish_narrows_the_choice()
    {
        Offer[] offers =
        [
            OfferOf("cheap", 10),
            OfferOf("tee", 20) with { Tee = true },
            OfferOf("near", 30) with { Region = Bytes32.FromName("eu") },
            OfferOf("canonical", 40) with { NodeId = Bytes32.FromName("canonical node") },
        ];

        Assert.Equal("tee", Choose(Wish with { WantsTee = true }, offers).OfferId.ToName());
        Assert.Equal("near", Choose(Wish with { Region = "eu" }, offers).OfferId.ToName());
        Assert.Equal("canonical", Choose(Wish with { OnlyCanonical = true }, offers).OfferId.ToName());
        Assert.Equal("canonical", Choose(Wish with { NodeId = Bytes32.FromName("canonical node") }, offers).OfferId.ToName());
        Assert.Equal("near", Choose(Wish with { OfferId = Bytes32.FromName("near") }, offers).OfferId.ToName());
    }

    [Fact]
    public void Nothing_fits_and_the_refusal_counts_what_each_rule_excluded()
    {
        Offer[] offers = [OfferOf("a", 30), OfferOf("b", 10) with { Available = false }];

        InfraException refusal = Assert.Throws<InfraException>(() => Choose(Wish with { MaximumPricePerHour = new TokenAmount(20) }, offers));

        Assert.Equal("JEJU0521", refusal.Code.ToString());
        Assert.Contains("1 above the maximum price", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1 full", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Nobody offers 'redis'", Assert.Throws<InfraException>(() => Choose(Wish, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WrongWishes_AreAllTold()
    {
        OrderSpecification wrong = Wish with
        {
            LeaseHours = 721,
            Region = string.Empty,
            Failover = FailoverPolicy.Automatic,
            EncryptionKey = Bytes32.Zero,
        };

        Assert.Equal(
            ["encryptionKey", "failover", "leaseHours", "region"], wrong.Check().Select(failure => failure.Property).Order());
        Assert.Equal(["restoreFrom"], (Wish with { Failover = FailoverPolicy.Restore }).Check().Select(failure => failure.Property));
        Assert.Empty(Wish.Check());
    }

    private static Offer Choose(OrderSpecification wish, IReadOnlyList<Offer> offers) =>
        OfferSelection.Choose(wish, offers, new HashSet<Bytes32> { Bytes32.FromName("canonical node") });

    private static Offer OfferOf(string name, int price) => new(
        Bytes32.FromName(name),
        Bytes32.FromName("node"),
        Wish.Kind.Id,
        Wish.Kind.RequirementFor(NetworkName.Localnet).NetworkId,
        Bytes32.FromName("local"),
        new BigInteger(price),
        8,
        0,
        false,
        true,
        true);
}
