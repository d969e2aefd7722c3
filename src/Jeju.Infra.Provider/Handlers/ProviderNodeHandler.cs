using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;
using NodeStatus = Jeju.Infra.Chain.Bindings.DWSProviderRegistryTypes.NodeStatus;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Registration in DWSProviderRegistry with locked stake, and offers in ExternalChainProvider.</summary>
[ResourceType("ProviderNode", "A provider node of the marketplace: registration, locked stake and offers.")]
internal sealed class ProviderNodeHandler(SuiteServices services) : SuiteResourceHandler<ProviderNodeInputs, ProviderNodeOutputs>(services)
{
    private const int PageSize = 100;
    private const int MostOffersPerCall = 32;

    private static readonly ErrorCode LeasesLive = new(221);

    protected override Task CheckAsync(InputCheck<ProviderNodeInputs> check, CancellationToken cancellationToken)
    {
        if (check.Inputs.Knows(nameof(ProviderNodeInputs.Offers)))
        {
            var known = ServiceCatalog.All.Select(kind => kind.Name).ToList();
            var offers = check.Inputs.Values.Offers;
            for (var index = 0; index < offers.Count; index++)
            {
                if (!known.Contains(offers[index].Kind))
                {
                    check.Fail($"offers[{index}].kind", $"'{offers[index].Kind}' is no kind of service: use one of {string.Join(", ", known)}");
                }
            }
        }

        return base.CheckAsync(check, cancellationToken);
    }

    protected override void PlanCreate(ResourceContext context, Bound<ProviderNodeInputs> inputs, Plan<ProviderNodeOutputs> plan)
    {
        if (inputs.Values.Account is { } account)
        {
            plan.Knows(nameof(ProviderNodeOutputs.Owner), account);
        }

        plan.Knows(nameof(ProviderNodeOutputs.Status), Text(NodeStatus.Active));
    }

    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProviderNodeInputs, ProviderNodeOutputs> state, CancellationToken cancellationToken)
    {
        var nodeId = Bytes32.Parse(state.Id);
        var node = await session.Chain.QueryAsync(session.Contracts.ProviderRegistry.Node(nodeId), cancellationToken);
        if (node.Status is NodeStatus.Deregistered)
        {
            return [new Drift(nameof(ProviderNodeOutputs.Status), "The node was deregistered: another one is registered.", Replaces: true)];
        }

        if (node.Status is NodeStatus.Unknown)
        {
            return [new Drift(nameof(ProviderNodeOutputs.Status), "The chain does not know the node any more: it is registered again.")];
        }

        var calls = await MissingCallsAsync(session, nodeId, node, state.Inputs, cancellationToken);
        return calls.Count == 0
            ? []
            : [new Drift(nameof(ProviderNodeOutputs.Status), $"The node is not on chain as it was left; missing: {string.Join(", ", calls.Select(call => call.Description))}.")];
    }

    protected override async Task<Created<ProviderNodeOutputs>> CreateAsync(
        ResourceContext context, ProviderNodeInputs inputs, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(context, inputs, cancellationToken);
        var registry = session.Contracts.ProviderRegistry;

        // The name of a node that was deregistered is used up: the next one has the next name.
        for (var generation = 1; ; generation++)
        {
            var salt = Keccak.Hash($"jeju/provider-node/{context.Urn}/{inputs.StakingNodeId}/{inputs.Region}/{generation}");
            var nodeId = await session.Chain.QueryAsync(registry.NodeIdOf(session.Account, salt), cancellationToken);
            var node = await session.Chain.QueryAsync(registry.Node(nodeId), cancellationToken);
            if (node.Status is not NodeStatus.Deregistered)
            {
                var outputs = await EnsureAsync(context, session, nodeId, salt, inputs, cancellationToken);
                return new Created<ProviderNodeOutputs>(nodeId.ToString(), outputs);
            }
        }
    }

    protected override async Task<ProviderNodeOutputs> UpdateAsync(
        ResourceContext context, ResourceState<ProviderNodeInputs, ProviderNodeOutputs> state, ProviderNodeInputs news, CancellationToken cancellationToken) =>
        await EnsureAsync(
            context, await OpenAsync(context, news, cancellationToken), Bytes32.Parse(state.Id), state.Outputs.Salt ?? default, news, cancellationToken);

    protected override async Task<ResourceState<ProviderNodeInputs, ProviderNodeOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProviderNodeInputs, ProviderNodeOutputs> state, CancellationToken cancellationToken)
    {
        var nodeId = Bytes32.Parse(state.Id);
        var node = await session.Chain.QueryAsync(session.Contracts.ProviderRegistry.Node(nodeId), cancellationToken);
        if (node.Status is NodeStatus.Unknown or NodeStatus.Deregistered)
        {
            return null;
        }

        var offers = await ReadOffersAsync(session, nodeId, cancellationToken);
        return state with
        {
            Inputs = state.Inputs with
            {
                Endpoint = new Uri(node.Endpoint),
                Agent = node.Agent,
                Offers = [.. offers
                    .Select(offer => new OfferInputs
                    {
                        Kind = offer.Kind.ToName(), Network = offer.Network.ToName(), PricePerHour = new TokenAmount(offer.PricePerHour),
                        Capacity = (int)offer.Capacity, Tee = offer.Tee,
                    })
                    // The order of the settings, so that only real differences show.
                    .OrderBy(offer => IndexOf(state.Inputs.Offers, offer))],
            },
            Outputs = state.Outputs with { NodeId = nodeId, Owner = node.Owner, Status = Text(node.Status) },
        };
    }

    protected override async Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProviderNodeInputs, ProviderNodeOutputs> state, CancellationToken cancellationToken)
    {
        var nodeId = Bytes32.Parse(state.Id);
        var registry = session.Contracts.ProviderRegistry;
        var node = await session.Chain.QueryAsync(registry.Node(nodeId), cancellationToken);
        if (node.Status is NodeStatus.Unknown or NodeStatus.Deregistered)
        {
            return;
        }

        IReadOnlyList<ContractCall> drain = node.Status is NodeStatus.Active ? [registry.SetDraining(nodeId, true)] : [];
        if (node.LiveLeases > 0)
        {
            await session.SendAsync(drain, cancellationToken);
            throw new InfraException(
                LeasesLive,
                $"The provider node {state.Id} still serves {node.LiveLeases} leases and cannot leave. It takes no new ones now.",
                "Wait until they end, or have their consumers end them; then run the command again.");
        }

        var offers = await ReadOffersAsync(session, nodeId, cancellationToken);
        await session.SendAsync(
            [.. drain, .. offers.Select(offer => session.Contracts.Orders.WithdrawOffer(offer.OfferId)), registry.DeregisterNode(nodeId)], cancellationToken);
    }

    private static async Task<ProviderNodeOutputs> EnsureAsync(
        ResourceContext context, SuiteSession session, Bytes32 nodeId, Bytes32 salt, ProviderNodeInputs inputs, CancellationToken cancellationToken)
    {
        var registry = session.Contracts.ProviderRegistry;
        var node = await session.Chain.QueryAsync(registry.Node(nodeId), cancellationToken);
        var calls = new List<ContractCall>();
        if (node.Status is NodeStatus.Unknown)
        {
            calls.AddRange(await AllocateAsync(session, inputs, cancellationToken));
            calls.Add(registry.RegisterNode(new DWSProviderRegistryTypes.Registration(
                salt, inputs.StakingNodeId, inputs.Agent, 0, Bytes32.FromName(inputs.Region), inputs.Endpoint.OriginalString, [.. ServicesOf(inputs)])));
        }

        calls.AddRange(await MissingCallsAsync(session, nodeId, node.Status is NodeStatus.Unknown ? null : node, inputs, cancellationToken));
        await context.Log.ProgressAsync($"{calls.Count} transactions of the node's owner", cancellationToken);
        await session.SendAsync(calls, cancellationToken);
        return new ProviderNodeOutputs { NodeId = nodeId, Owner = session.Account, Salt = salt, Status = Text(NodeStatus.Active) };
    }

    /// <summary>The calls that make a registered node what it is to be; a node that is only about to be registered is null.</summary>
    private static async Task<IReadOnlyList<ContractCall>> MissingCallsAsync(
        SuiteSession session, Bytes32 nodeId, DWSProviderRegistryTypes.ProviderNode? node, ProviderNodeInputs inputs, CancellationToken cancellationToken)
    {
        var registry = session.Contracts.ProviderRegistry;
        var calls = new List<ContractCall>();
        IReadOnlyList<ExternalChainProviderTypes.Offer> offers = [];
        if (node is not null)
        {
            if (node.Endpoint != inputs.Endpoint.OriginalString)
            {
                calls.Add(registry.SetEndpoint(nodeId, inputs.Endpoint.OriginalString));
            }

            if (node.Agent != inputs.Agent)
            {
                calls.Add(registry.SetAgent(nodeId, inputs.Agent));
            }

            if (node.Status is NodeStatus.Draining)
            {
                calls.Add(registry.SetDraining(nodeId, false));
            }

            var present = await session.Chain.QueryAsync(registry.ServicesOf(nodeId), cancellationToken);
            var wanted = ServicesOf(inputs).ToList();
            if (wanted.Except(present).Any())
            {
                calls.AddRange(await AllocateAsync(session, inputs, cancellationToken));
                calls.AddRange(wanted.Except(present).Select(service => registry.AddService(nodeId, service)));
            }

            offers = await ReadOffersAsync(session, nodeId, cancellationToken);
            calls.AddRange(offers
                .Where(offer => !inputs.Offers.Any(wish => Bytes32.FromName(wish.Kind) == offer.Kind && Bytes32.FromName(wish.Network) == offer.Network))
                .Select(offer => session.Contracts.Orders.WithdrawOffer(offer.OfferId)));
            calls.AddRange(present.Except(wanted).Select(service => registry.RemoveService(nodeId, service)));
        }

        var changed = inputs.Offers.Select(ToOffer).Where(wish => !offers.Any(offer => Matches(offer, wish))).ToList();
        calls.AddRange(changed.Chunk(MostOffersPerCall).Select(chunk => session.Contracts.Orders.RegisterProvider(nodeId, chunk)));
        return calls;
    }

    /// <summary>The calls that set stake aside for the node's services, where there is not enough yet.</summary>
    private static async Task<IReadOnlyList<ContractCall>> AllocateAsync(SuiteSession session, ProviderNodeInputs inputs, CancellationToken cancellationToken)
    {
        var manager = session.Contracts.StakeManager;
        var services = ServicesOf(inputs).ToList();
        var minimums = await session.Chain.QueryAsync([.. services.Select(service => manager.ServiceInfo(service))], cancellationToken);
        var allocations = await session.Chain.QueryAsync([.. services.Select(service => manager.AllocationOf(inputs.StakingNodeId, service))], cancellationToken);
        return [.. services
            .Select((service, index) => (service, missing: minimums[index].MinimumStake - (allocations[index].Amount - allocations[index].Leaving)))
            .Where(pair => pair.missing > 0)
            .Select(pair => manager.Allocate(inputs.StakingNodeId, pair.service, pair.missing))];
    }

    private static async Task<IReadOnlyList<ExternalChainProviderTypes.Offer>> ReadOffersAsync(
        SuiteSession session, Bytes32 nodeId, CancellationToken cancellationToken)
    {
        var all = new List<ExternalChainProviderTypes.Offer>();
        while (true)
        {
            var page = await session.Chain.QueryAsync(session.Contracts.Orders.OffersOfNode(nodeId, all.Count, PageSize), cancellationToken);
            all.AddRange(page);
            if (page.Count < PageSize)
            {
                return all;
            }
        }
    }

    private static IEnumerable<Bytes32> ServicesOf(ProviderNodeInputs inputs) =>
        inputs.Offers.Select(offer => Bytes32.FromName(ServiceCatalog.Find(offer.Kind).Service)).Distinct();

    private static ExternalChainProviderTypes.OfferInput ToOffer(OfferInputs offer) => new(
        Bytes32.FromName(offer.Kind), Bytes32.FromName(offer.Network), offer.PricePerHour.Units, (uint)offer.Capacity, offer.Tee);

    private static bool Matches(ExternalChainProviderTypes.Offer offer, ExternalChainProviderTypes.OfferInput wish) =>
        offer.Active && offer.Kind == wish.Kind && offer.Network == wish.Network && offer.PricePerHour == wish.PricePerHour
        && offer.Capacity == wish.Capacity && offer.Tee == wish.Tee;

    private static int IndexOf(IReadOnlyList<OfferInputs> offers, OfferInputs offer)
    {
        for (var index = 0; index < offers.Count; index++)
        {
            if (offers[index].Kind == offer.Kind && offers[index].Network == offer.Network)
            {
                return index;
            }
        }

        return int.MaxValue;
    }

    private static string Text(NodeStatus status) => status.ToString().ToLowerInvariant();
}
