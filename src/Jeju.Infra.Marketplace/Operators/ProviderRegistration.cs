using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using NodeStatus = Jeju.Infra.Chain.Bindings.DWSProviderRegistryTypes.NodeStatus;

namespace Jeju.Infra.Marketplace.Operators;

/// <summary>One thing that a provider node offers.</summary>
/// <param name="Kind">The kind of service, by its name in the catalog.</param>
/// <param name="Network">The network of the service itself.</param>
/// <param name="PricePerHour">In the smallest unit of the payment token.</param>
/// <param name="Capacity">How many leases it can serve at a time, 1 and up.</param>
/// <param name="Tee">Whether it runs in a trusted execution environment.</param>
public sealed record OfferSpecification(string Kind, string Network, TokenAmount PricePerHour, int Capacity, bool Tee);

/// <summary>What a provider node is to be.</summary>
/// <param name="StakingNodeId">The staking node whose stake backs it.</param>
/// <param name="Endpoint">The public address of the node's agent, at most 256 bytes.</param>
/// <param name="Region">The region it announces, at most 32 bytes.</param>
/// <param name="Agent">The account that sends heartbeats and readiness reports.</param>
/// <param name="Offers">What it offers.</param>
public sealed record ProviderNodeSpecification(Bytes32 StakingNodeId, string Endpoint, string Region, Address Agent, IReadOnlyList<OfferSpecification> Offers);

/// <summary>Registration in DWSProviderRegistry with locked stake, and offers in ExternalChainProvider: what is missing is sent, and nothing else.</summary>
public static class ProviderRegistration
{
    private const int PageSize = 100;
    private const int MostOffersPerCall = 32;

    /// <summary>The name under which a node is registered, and its id: a name whose node was deregistered is used up, and the next is taken.</summary>
    /// <param name="market">The owner's account.</param>
    /// <param name="saltOf">The name of a generation, counted from one.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public static async Task<(Bytes32 NodeId, Bytes32 Salt)> FindNameAsync(MarketAccess market, Func<int, Bytes32> saltOf, CancellationToken cancellationToken)
    {
        var registry = market.Contracts.ProviderRegistry;
        for (int generation = 1; ; generation++)
        {
            Bytes32 salt = saltOf(generation);
            Bytes32 nodeId = await market.Chain.QueryAsync(registry.NodeIdOf(market.Account, salt), cancellationToken).ConfigureAwait(false);
            var node = await market.Chain.QueryAsync(registry.Node(nodeId), cancellationToken).ConfigureAwait(false);
            if (node.Status is not NodeStatus.Deregistered)
            {
                return (nodeId, salt);
            }
        }
    }

    /// <summary>Registers a node, or makes a registered one what it is to be.</summary>
    /// <param name="market">The owner's account.</param>
    /// <param name="nodeId">The node.</param>
    /// <param name="salt">The owner's own name for it.</param>
    /// <param name="wanted">What it is to be.</param>
    /// <param name="progress">Told how many transactions are sent.</param>
    /// <param name="cancellationToken">Ends the wait for the transactions.</param>
    public static async Task EnsureAsync(
        MarketAccess market, Bytes32 nodeId, Bytes32 salt, ProviderNodeSpecification wanted, Func<string, Task>? progress, CancellationToken cancellationToken)
    {
        var registry = market.Contracts.ProviderRegistry;
        var node = await market.Chain.QueryAsync(registry.Node(nodeId), cancellationToken).ConfigureAwait(false);
        List<ContractCall> calls = [];
        if (node.Status is NodeStatus.Unknown)
        {
            calls.AddRange(await AllocateAsync(market, wanted, cancellationToken).ConfigureAwait(false));
            calls.Add(registry.RegisterNode(new DWSProviderRegistryTypes.Registration(
                salt, wanted.StakingNodeId, wanted.Agent, 0, Bytes32.FromName(wanted.Region), wanted.Endpoint, [.. ServicesOf(wanted)])));
        }

        calls.AddRange(await MissingCallsAsync(market, nodeId, node.Status is NodeStatus.Unknown ? null : node, wanted, cancellationToken).ConfigureAwait(false));
        if (progress is not null)
        {
            await progress($"{calls.Count} transactions of the node's owner").ConfigureAwait(false);
        }

        await market.SendAsync(calls, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The calls that make a registered node what it is to be; a node that is only about to be registered is null.</summary>
    public static async Task<IReadOnlyList<ContractCall>> MissingCallsAsync(
        MarketAccess market, Bytes32 nodeId, DWSProviderRegistryTypes.ProviderNode? node, ProviderNodeSpecification wanted, CancellationToken cancellationToken)
    {
        var registry = market.Contracts.ProviderRegistry;
        List<ContractCall> calls = [];
        IReadOnlyList<ExternalChainProviderTypes.Offer> offers = [];
        if (node is not null)
        {
            if (node.Endpoint != wanted.Endpoint)
            {
                calls.Add(registry.SetEndpoint(nodeId, wanted.Endpoint));
            }

            if (node.Agent != wanted.Agent)
            {
                calls.Add(registry.SetAgent(nodeId, wanted.Agent));
            }

            if (node.Status is NodeStatus.Draining)
            {
                calls.Add(registry.SetDraining(nodeId, false));
            }

            var present = await market.Chain.QueryAsync(registry.ServicesOf(nodeId), cancellationToken).ConfigureAwait(false);
            List<Bytes32> services = [.. ServicesOf(wanted)];
            if (services.Except(present).Any())
            {
                calls.AddRange(await AllocateAsync(market, wanted, cancellationToken).ConfigureAwait(false));
                calls.AddRange(services.Except(present).Select(service => registry.AddService(nodeId, service)));
            }

            offers = await ReadOffersAsync(market, nodeId, cancellationToken).ConfigureAwait(false);
            calls.AddRange(offers
                .Where(offer => !wanted.Offers.Any(wish => Bytes32.FromName(wish.Kind) == offer.Kind && Bytes32.FromName(wish.Network) == offer.Network))
                .Select(offer => market.Contracts.Orders.WithdrawOffer(offer.OfferId)));
            calls.AddRange(present.Except(services).Select(service => registry.RemoveService(nodeId, service)));
        }

        List<ExternalChainProviderTypes.OfferInput> changed = [.. wanted.Offers.Select(ToOffer).Where(wish => !offers.Any(offer => Matches(offer, wish)))];
        calls.AddRange(changed.Chunk(MostOffersPerCall).Select(chunk => market.Contracts.Orders.RegisterProvider(nodeId, chunk)));
        return calls;
    }

    /// <summary>Everything that a node offers, withdrawn offers left out by the contract.</summary>
    public static async Task<IReadOnlyList<ExternalChainProviderTypes.Offer>> ReadOffersAsync(
        MarketAccess market, Bytes32 nodeId, CancellationToken cancellationToken)
    {
        List<ExternalChainProviderTypes.Offer> all = [];
        while (true)
        {
            var page = await market.Chain.QueryAsync(market.Contracts.Orders.OffersOfNode(nodeId, all.Count, PageSize), cancellationToken).ConfigureAwait(false);
            all.AddRange(page);
            if (page.Count < PageSize)
            {
                return all;
            }
        }
    }

    /// <summary>The provider nodes of an owner that were not deregistered, in the order of their registration.</summary>
    public static async Task<IReadOnlyList<(Bytes32 NodeId, DWSProviderRegistryTypes.ProviderNode Node)>> NodesOfAsync(
        MarketAccess market, Address owner, CancellationToken cancellationToken)
    {
        var registry = market.Contracts.ProviderRegistry;
        List<Bytes32> ids = [];
        IReadOnlyList<Bytes32> page;
        do
        {
            page = await market.Chain.QueryAsync(registry.Nodes(ids.Count, PageSize), cancellationToken).ConfigureAwait(false);
            ids.AddRange(page);
        }
        while (page.Count == PageSize);

        var nodes = await market.Chain.QueryAsync(ids.Select(id => registry.Node(id)).ToList(), cancellationToken).ConfigureAwait(false);
        return [.. ids.Zip(nodes).Where(pair => pair.Second.Owner == owner && pair.Second.Status is not NodeStatus.Deregistered)];
    }

    /// <summary>The calls that set stake aside for the node's services, where there is not enough yet.</summary>
    private static async Task<IReadOnlyList<ContractCall>> AllocateAsync(MarketAccess market, ProviderNodeSpecification wanted, CancellationToken cancellationToken)
    {
        var manager = market.Contracts.StakeManager;
        List<Bytes32> services = [.. ServicesOf(wanted)];
        var minimums = await market.Chain.QueryAsync([.. services.Select(service => manager.ServiceInfo(service))], cancellationToken).ConfigureAwait(false);
        var allocations = await market.Chain.QueryAsync(
            [.. services.Select(service => manager.AllocationOf(wanted.StakingNodeId, service))], cancellationToken).ConfigureAwait(false);
        return [.. services
            .Select((service, index) => (Service: service, Missing: minimums[index].MinimumStake - (allocations[index].Amount - allocations[index].Leaving)))
            .Where(pair => pair.Missing > 0)
            .Select(pair => manager.Allocate(wanted.StakingNodeId, pair.Service, pair.Missing))];
    }

    private static IEnumerable<Bytes32> ServicesOf(ProviderNodeSpecification wanted) =>
        wanted.Offers.Select(offer => Bytes32.FromName(ServiceCatalog.Find(offer.Kind).Service)).Distinct();

    private static ExternalChainProviderTypes.OfferInput ToOffer(OfferSpecification offer) => new(
        Bytes32.FromName(offer.Kind), Bytes32.FromName(offer.Network), offer.PricePerHour.Units, (uint)offer.Capacity, offer.Tee);

    private static bool Matches(ExternalChainProviderTypes.Offer offer, ExternalChainProviderTypes.OfferInput wish) =>
        offer.Active && offer.Kind == wish.Kind && offer.Network == wish.Network && offer.PricePerHour == wish.PricePerHour
        && offer.Capacity == wish.Capacity && offer.Tee == wish.Tee;
}
