using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Operators;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;
using NodeStatus = Jeju.Infra.Chain.Bindings.DWSProviderRegistryTypes.NodeStatus;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>Registration in DWSProviderRegistry with locked stake, and offers in ExternalChainProvider.</summary>
[ResourceType("ProviderNode", "A provider node of the marketplace: registration, locked stake and offers.")]
internal sealed class ProviderNodeHandler(SuiteServices services) : SuiteResourceHandler<ProviderNodeInputs, ProviderNodeOutputs>(services)
{
    private static readonly ErrorCode LeasesLive = new(221);

    // A node holds the stake that backs its services: the old one has to leave before another can be backed by it.
    protected override bool DeleteBeforeReplace => true;

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

        var calls = await ProviderRegistration.MissingCallsAsync(session.Market, nodeId, node, SpecificationOf(state.Inputs), cancellationToken);
        return calls.Count == 0
            ? []
            : [new Drift(nameof(ProviderNodeOutputs.Status), $"The node is not on chain as it was left; missing: {string.Join(", ", calls.Select(call => call.Description))}.")];
    }

    protected override async Task<Created<ProviderNodeOutputs>> CreateAsync(
        ResourceContext context, ProviderNodeInputs inputs, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(context, inputs, cancellationToken);
        var (nodeId, salt) = await ProviderRegistration.FindNameAsync(
            session.Market,
            generation => Keccak.Hash($"jeju/provider-node/{context.Urn}/{inputs.StakingNodeId}/{inputs.Region}/{generation}"),
            cancellationToken);
        return new Created<ProviderNodeOutputs>(nodeId.ToString(), await EnsureAsync(context, session, nodeId, salt, inputs, cancellationToken));
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

        var offers = await ProviderRegistration.ReadOffersAsync(session.Market, nodeId, cancellationToken);
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

        var offers = await ProviderRegistration.ReadOffersAsync(session.Market, nodeId, cancellationToken);
        await session.SendAsync(
            [.. drain, .. offers.Select(offer => session.Contracts.Orders.WithdrawOffer(offer.OfferId)), registry.DeregisterNode(nodeId)], cancellationToken);
    }

    private static async Task<ProviderNodeOutputs> EnsureAsync(
        ResourceContext context, SuiteSession session, Bytes32 nodeId, Bytes32 salt, ProviderNodeInputs inputs, CancellationToken cancellationToken)
    {
        await ProviderRegistration.EnsureAsync(
            session.Market, nodeId, salt, SpecificationOf(inputs), message => context.Log.ProgressAsync(message, cancellationToken), cancellationToken);
        return new ProviderNodeOutputs { NodeId = nodeId, Owner = session.Account, Salt = salt, Status = Text(NodeStatus.Active) };
    }

    private static ProviderNodeSpecification SpecificationOf(ProviderNodeInputs inputs) => new(
        inputs.StakingNodeId,
        inputs.Endpoint.OriginalString,
        inputs.Region,
        inputs.Agent,
        [.. inputs.Offers.Select(offer => new OfferSpecification(offer.Kind, offer.Network, offer.PricePerHour, offer.Capacity, offer.Tee))]);

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
