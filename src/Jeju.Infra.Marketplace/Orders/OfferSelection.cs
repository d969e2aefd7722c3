using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Orders;

/// <summary>Chooses an offer: pure, so that a preview and a test can ask the same. The contract checks the choice again.</summary>
internal static class OfferSelection
{
    /// <summary>The cheapest offer that fits; of equal ones the one with the smallest id, so that two runs choose the same.</summary>
    /// <exception cref="InfraException">JEJU0521: none fits; the message says for each rule how many offers it excluded.</exception>
    public static ExternalChainProviderTypes.Offer Choose(
        OrderSpecification order, IReadOnlyList<ExternalChainProviderTypes.Offer> offers, IReadOnlySet<Bytes32> canonicalNodes)
    {
        bool needsTee = order.WantsTee || order.Kind.RequirementFor(order.Network).IsTeeRequired;
        (string Reason, Func<ExternalChainProviderTypes.Offer, bool> Fits)[] rules =
        [
            ("not the offer that was named", offer => order.OfferId is not { } id || offer.OfferId == id),
            ("of another provider node", offer => order.NodeId is not { } node || offer.NodeId == node),
            ("in another region", offer => order.Region is not { } region || offer.Region == Bytes32.FromName(region)),
            ("without a TEE", offer => !needsTee || offer.Tee),
            ("of a node that is not canonical", offer => !order.OnlyCanonical || canonicalNodes.Contains(offer.NodeId)),
            ("above the maximum price", offer => order.MaximumPricePerHour is not { } maximum || offer.PricePerHour <= maximum.Units),
            ("full, or of a node that is late, draining or not backed by stake", offer => offer.Available),
        ];

        List<ExternalChainProviderTypes.Offer> fitting = [.. offers];
        List<string> excluded = [];
        foreach ((string reason, Func<ExternalChainProviderTypes.Offer, bool> fits) in rules)
        {
            int before = fitting.Count;
            fitting.RemoveAll(offer => !fits(offer));
            if (fitting.Count < before)
            {
                excluded.Add($"{before - fitting.Count} {reason}");
            }
        }

        return fitting.OrderBy(offer => offer.PricePerHour).ThenBy(offer => offer.OfferId.ToString(), StringComparer.Ordinal).FirstOrDefault()
            ?? throw new InfraException(
                MarketplaceErrors.NoOffer,
                offers.Count == 0
                    ? $"Nobody offers '{order.Kind.Name}' on {order.Kind.RequirementFor(order.Network).Network}."
                    : $"Of {offers.Count} offers of '{order.Kind.Name}' none fits: {string.Join("; ", excluded)}.",
                "Start a provider node that offers it, wait until one has room, or ask for less. Nothing was ordered.");
    }
}
