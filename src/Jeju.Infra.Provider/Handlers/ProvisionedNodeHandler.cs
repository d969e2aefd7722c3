using System.Globalization;
using System.Numerics;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Credentials;
using Jeju.Infra.Marketplace.Orders;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;
using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>
/// Wraps provisionNode. The salt follows from the URN and from the inputs that force a replacement, so the same resource finds its own order again:
/// after a kill, after a rollback, and after a change from A to B and back, when it starts the salt's next generation.
/// </summary>
[ResourceType("ProvisionedNode", "A service ordered through ExternalChainProvider.provisionNode: the lease, its endpoint and its credentials.")]
internal sealed class ProvisionedNodeHandler(SuiteServices services, TimeProvider time)
    : SuiteResourceHandler<ProvisionedNodeInputs, ProvisionedNodeOutputs>(services)
{
    // One salt has one live lease: where a replacement has the same salt, the old lease must have ended before the new one can begin.
    protected override bool DeleteBeforeReplace => true;

    protected override Task CheckAsync(InputCheck<ProvisionedNodeInputs> check, CancellationToken cancellationToken)
    {
        var inputs = check.Inputs;
        if (inputs.Knows(nameof(ProvisionedNodeInputs.Kind)))
        {
            var kind = ServiceCatalog.All.FirstOrDefault(candidate => candidate.Name == inputs.Values.Kind);
            if (kind is null)
            {
                check.Fail("kind", $"'{inputs.Values.Kind}' is no kind of service: use one of {string.Join(", ", ServiceCatalog.All.Select(known => known.Name))}");
            }
            else if (!inputs.Unknown.Contains("suite") && !inputs.Unknown.Contains("suite.chainId")
                && ProfileOf(inputs.Values.Suite.ChainId) is { } profile && !kind.Requirements.ContainsKey(profile.Name))
            {
                check.Fail("kind", $"'{kind.Name}' is not offered on {profile.StackName}: {string.Join(", ", kind.Requirements.Keys.Select(name => ValueText(name)))} have it");
            }
        }

        if (inputs.Knows(nameof(ProvisionedNodeInputs.Region)) && inputs.Values.Region is { Length: 0 or > Bytes32.Length })
        {
            check.Fail("region", $"'{inputs.Values.Region}' has the wrong length: write 1 to {Bytes32.Length} characters");
        }

        if (inputs.Knows(nameof(ProvisionedNodeInputs.EncryptionKey)))
        {
            if (inputs.Values.EncryptionKey is { } key)
            {
                if (!Bytes32.TryParse(key, out _))
                {
                    check.Fail("encryptionKey", "the value is not allowed: write 0x and 64 hexadecimal digits");
                }
            }
            else if (inputs.Knows(nameof(ProvisionedNodeInputs.Signer)) && !inputs.Values.Signer.Reference.IsSoftware)
            {
                check.Fail("encryptionKey", "is missing: a key service never gives its key away, so the key for the credentials cannot be derived from it; give one as a secret");
            }
        }

        return base.CheckAsync(check, cancellationToken);
    }

    protected override void PlanCreate(ResourceContext context, Bound<ProvisionedNodeInputs> inputs, Plan<ProvisionedNodeOutputs> plan)
    {
        if (inputs.Knows(nameof(ProvisionedNodeInputs.Kind)) && inputs.Knows(nameof(ProvisionedNodeInputs.Region)) && inputs.Knows(nameof(ProvisionedNodeInputs.Tee)))
        {
            plan.Knows(nameof(ProvisionedNodeOutputs.Salt), SaltOf(context, inputs.Values));
        }
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs> state, Bound<ProvisionedNodeInputs> news) =>
        state.Outputs.Host is null
            ?
            [
                nameof(ProvisionedNodeOutputs.Status), nameof(ProvisionedNodeOutputs.Host), nameof(ProvisionedNodeOutputs.Port), nameof(ProvisionedNodeOutputs.ExpiresAt),
                nameof(ProvisionedNodeOutputs.ConnectionString), nameof(ProvisionedNodeOutputs.CertificateFingerprint),
            ]
            : [nameof(ProvisionedNodeOutputs.ExpiresAt)];

    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs> state, CancellationToken cancellationToken)
    {
        var orders = session.Contracts.Orders;
        var orderId = Bytes32.Parse(state.Id);
        var order = await session.Chain.QueryAsync(orders.Order(orderId), cancellationToken);
        switch (order.State)
        {
            case OrderState.Requested or OrderState.Ready or OrderState.Degraded when Services.IsPlannedToGiveUpLeases(order.NodeId):
                return [new Drift(nameof(ProvisionedNodeOutputs.Status), "The agent that serves it is replaced, which ends the lease: the service is ordered anew.", Replaces: true)];
            case OrderState.None:
                var next = await NextOrderIdAsync(session, state.Outputs.Salt ?? default, cancellationToken);
                return next == orderId
                    ? [new Drift(nameof(ProvisionedNodeOutputs.Status), "The chain was rolled back to before the order: it is placed again, with the same id.")]
                    : [new Drift(nameof(ProvisionedNodeOutputs.OrderId), "The chain does not know the order any more: it is placed anew.", Replaces: true)];
            case OrderState.Requested:
                return state.Inputs.WaitFor is OrderWait.Ready
                    ? [new Drift(nameof(ProvisionedNodeOutputs.Status), "The order is not ready yet: it is waited for.")]
                    : [];
            case OrderState.Ready or OrderState.Degraded:
                var endpoint = await session.Chain.QueryAsync(orders.EndpointOf(orderId), cancellationToken);
                return endpoint.Host == state.Outputs.Host && endpoint.Ports.FirstOrDefault() == (state.Outputs.Port ?? 0)
                    ? []
                    : [new Drift(nameof(ProvisionedNodeOutputs.Host), $"The service answers at {endpoint.Host}:{endpoint.Ports.FirstOrDefault()} now.")];
            default:
                return [new Drift(nameof(ProvisionedNodeOutputs.Status), $"The lease is over ({ValueText(order.State)}): the service is ordered anew.", Replaces: true)];
        }
    }

    protected override async Task<Created<ProvisionedNodeOutputs>> CreateAsync(
        ResourceContext context, ProvisionedNodeInputs inputs, CancellationToken cancellationToken)
    {
        var opening = OpenAsync(context, inputs, cancellationToken);
        await Task.WhenAll(opening, RequireLocalImageAsync(context, inputs, cancellationToken));
        var session = await opening;
        var salt = SaltOf(context, inputs);
        var flow = await FlowAsync(context, session);
        var key = await KeyOfAsync(inputs, cancellationToken);
        await context.Log.ProgressAsync($"ordering {inputs.Kind}", cancellationToken);
        PlacedOrder placed;
        try
        {
            placed = await flow.PlaceAsync(SpecificationOf(inputs, salt, key), cancellationToken);
        }
        catch (InfraException refusal) when (refusal.Code == MarketplaceErrors.ForeignOrder)
        {
            var (orderId, _, _) = await session.Chain.QueryAsync(session.Contracts.Orders.LatestOrder(session.Account, salt), cancellationToken);
            throw new InfraException(
                refusal.Code,
                refusal.Message,
                $"If it is yours, take it over with `{OrderAddress.Of(orderId, inputs.Suite).ImportCommand(Token, context)}`; otherwise give the resource another name.",
                FailureKind.Refused,
                refusal);
        }

        if (placed.WasAdopted)
        {
            MarkAdopted(placed.OrderId.ToString());
        }

        var outputs = new ProvisionedNodeOutputs { OrderId = placed.OrderId, Salt = salt };
        try
        {
            return new Created<ProvisionedNodeOutputs>(
                placed.OrderId.ToString(), await WaitAsync(context, session, flow, placed.OrderId, key, inputs, outputs, cancellationToken));
        }
        catch (Exception failure) when (failure is InfraException or OperationCanceledException)
        {
            // The order stands and is paid: the engine has to know of it, whatever became of the waiting.
            throw new PartialResourceException(placed.OrderId.ToString(), outputs with { Generation = (int)placed.Generation }, failure);
        }
    }

    protected override async Task<ProvisionedNodeOutputs> UpdateAsync(
        ResourceContext context, ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs> state, ProvisionedNodeInputs news, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(context, news, cancellationToken);
        var flow = await FlowAsync(context, session);
        var key = await KeyOfAsync(news, cancellationToken);
        var orderId = Bytes32.Parse(state.Id);
        var order = await flow.FindAsync(orderId, cancellationToken);
        if (order is null)
        {
            var placed = await flow.PlaceAsync(SpecificationOf(news, state.Outputs.Salt ?? SaltOf(context, news), key), cancellationToken);
            if (placed.OrderId != orderId)
            {
                throw new InvalidOperationException($"The order was placed again as {placed.OrderId}, not as {orderId}.");
            }
        }
        else
        {
            await ExtendAsync(context, flow, order, news, cancellationToken);
        }

        return await WaitAsync(context, session, flow, orderId, key, news, state.Outputs, cancellationToken);
    }

    protected override async Task<ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs> state, CancellationToken cancellationToken)
    {
        var orderId = Bytes32.Parse(state.Id);
        var order = await session.Chain.QueryAsync(session.Contracts.Orders.Order(orderId), cancellationToken);
        if (order.State is not (OrderState.Requested or OrderState.Ready or OrderState.Degraded))
        {
            return null;
        }

        var endpoint = await session.Chain.QueryAsync(session.Contracts.Orders.EndpointOf(orderId), cancellationToken);
        return state with { Outputs = Describe(state.Outputs, order, endpoint) };
    }

    protected override async Task<ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs>?> ImportAsync(string id, CancellationToken cancellationToken)
    {
        var address = OrderAddress.Parse(id);
        foreach (var profile in NetworkProfile.All)
        {
            var chain = new ChainInputs { Endpoint = address.Endpoint, ChainId = profile.SettlementChain };
            ChainClient client;
            try
            {
                client = await Services.Chains.ConnectAsync(chain, cancellationToken);
            }
            catch (InfraException failure) when (failure.Code == ChainErrors.WrongChainCode)
            {
                continue;
            }

            var orders = (await Services.ContractsOfAsync(address.Deployer, cancellationToken)).Orders;
            var order = await client.QueryAsync(orders.Order(address.OrderId), cancellationToken);
            if (order.State is not (OrderState.Requested or OrderState.Ready or OrderState.Degraded))
            {
                return null;
            }

            var endpoint = await client.QueryAsync(orders.EndpointOf(address.OrderId), cancellationToken);
            return new ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs>(
                address.OrderId.ToString(), address.ToInputs(order, client.Identity), Describe(new ProvisionedNodeOutputs(), order, endpoint));
        }

        throw new InfraException(
            ChainErrors.WrongChainCode, $"The node at {address.Endpoint.OriginalString} serves none of the settlement chains.", "Give the endpoint of the stack's chain.", FailureKind.Usage);
    }

    protected override async Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProvisionedNodeInputs, ProvisionedNodeOutputs> state, CancellationToken cancellationToken)
    {
        var flow = await FlowAsync(context, session);
        var ending = await flow.TerminateAsync(Bytes32.Parse(state.Id), cancellationToken);
        await context.Log.InformationAsync(
            $"{(ending.WasLive ? "Lease ended" : "Lease was over")}: {Dollars(ending.Refunded)} refunded to the credits of {session.Account.ToChecksumText()}, "
                + $"{Dollars(ending.Paid)} paid to the provider node, {Dollars(ending.InDispute)} held until the objection window is over.",
            cancellationToken);
    }

    /// <summary>On a localnet this machine serves the order itself: a kind whose image cannot be had is refused while nothing is paid.</summary>
    private async Task RequireLocalImageAsync(ResourceContext context, ProvisionedNodeInputs inputs, CancellationToken cancellationToken)
    {
        var agent = Path.Combine(Services.Layout.AgentFolder(context.Stack), "settings.json");
        if (inputs.Suite.ChainId == ChainId.Anvil && File.Exists(agent))
        {
            await AgentHost.RequireRunnableAsync(
                AgentSettings.Load(agent), ServiceCatalog.Find(inputs.Kind), new ProgressLog(context.Log), time, cancellationToken);
        }
    }

    /// <summary>Pays for the hours that are missing. What was paid is read from the chain, so an extension that was killed is not paid twice.</summary>
    private static async Task ExtendAsync(
        ResourceContext context, OrderFlow flow, ExternalChainProviderTypes.Order order, ProvisionedNodeInputs news, CancellationToken cancellationToken)
    {
        var paidHours = order.PricePerHour.IsZero ? BigInteger.Zero : order.Deposit / order.PricePerHour;
        if (order.State is not (OrderState.Ready or OrderState.Degraded) || paidHours >= news.Hours)
        {
            return;
        }

        var hours = (uint)(news.Hours - paidHours);
        await context.Log.ProgressAsync($"extending the lease by {hours} {(hours == 1 ? "hour" : "hours")}", cancellationToken);
        await flow.ExtendAsync(order, hours, cancellationToken);
    }

    private async Task<ProvisionedNodeOutputs> WaitAsync(
        ResourceContext context,
        SuiteSession session,
        OrderFlow flow,
        Bytes32 orderId,
        EncryptionKey key,
        ProvisionedNodeInputs inputs,
        ProvisionedNodeOutputs known,
        CancellationToken cancellationToken)
    {
        var kind = ServiceCatalog.Find(inputs.Kind);
        var served = known;
        if (inputs.WaitFor is OrderWait.Ready)
        {
            var deadline = context.Timeout ?? kind.RequirementFor(NetworkOf(inputs)).ReadyDeadline;
            Task<ReadyOrder> WaitUntilReadyAsync(CancellationToken token) => flow.WaitUntilReadyAsync(orderId, key, deadline, new ProgressLog(context.Log), token);
            var ready = inputs.Suite.ChainId == ChainId.Anvil
                ? await new LocalAgentWatch(Services.Layout, time).WhileAsync(context, WaitUntilReadyAsync, cancellationToken)
                : await WaitUntilReadyAsync(cancellationToken);
            served = known with
            {
                ConnectionString = kind.Workload?.ConnectionString(ready.Endpoint, ready.Credentials) ?? known.ConnectionString,
                CertificateFingerprint = ready.Credentials.CertificateFingerprint,
            };
        }

        var order = await session.Chain.QueryAsync(session.Contracts.Orders.Order(orderId), cancellationToken);
        var endpoint = await session.Chain.QueryAsync(session.Contracts.Orders.EndpointOf(orderId), cancellationToken);
        return Describe(served, order, endpoint);
    }

    private static ProvisionedNodeOutputs Describe(
        ProvisionedNodeOutputs known, ExternalChainProviderTypes.Order order, ExternalChainProviderTypes.Endpoint endpoint) => known with
        {
            OrderId = order.OrderId,
            Salt = order.Salt,
            Generation = (int)order.Generation,
            Status = ValueText(order.State),
            ProviderNodeId = order.NodeId,
            Host = endpoint.Host.Length == 0 ? null : endpoint.Host,
            Port = endpoint.Ports.Count == 0 ? null : endpoint.Ports[0],
            PricePerHour = new TokenAmount(order.PricePerHour),
            ExpiresAt = order.ExpiresAt == 0 ? null : DateTimeOffset.FromUnixTimeSeconds((long)order.ExpiresAt).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };

    private async Task<OrderFlow> FlowAsync(ResourceContext context, SuiteSession session) => new(
        await session.OpenPipeline(), session.Contracts.Orders.Address, new OrderJournal(Services.Layout.JournalFolder(context.Stack)), time);

    private async Task<EncryptionKey> KeyOfAsync(ProvisionedNodeInputs inputs, CancellationToken cancellationToken) => inputs.EncryptionKey is { } given
        ? EncryptionKey.FromPrivateKey(Bytes32.Parse(given).ToBytes())
        : EncryptionKey.Derive(
            (await Services.Signers.ResolveSoftwareAsync(inputs.Signer.Reference, inputs.Suite.ChainId, cancellationToken)).ExportPrivateKey(),
            inputs.Suite.ChainId);

    private static OrderSpecification SpecificationOf(ProvisionedNodeInputs inputs, Bytes32 salt, EncryptionKey key) => new()
    {
        Salt = salt,
        Kind = ServiceCatalog.Find(inputs.Kind),
        Network = NetworkOf(inputs),
        LeaseHours = (uint)inputs.Hours,
        MaximumPricePerHour = inputs.MaximumPricePerHour,
        Region = inputs.Region,
        WantsTee = inputs.Tee,
        EncryptionKey = key.PublicKey,
    };

    private static async Task<Bytes32> NextOrderIdAsync(SuiteSession session, Bytes32 salt, CancellationToken cancellationToken)
    {
        var orders = session.Contracts.Orders;
        var (_, generation, _) = await session.Chain.QueryAsync(orders.LatestOrder(session.Account, salt), cancellationToken);
        return await session.Chain.QueryAsync(orders.OrderIdOf(session.Account, salt, generation + 1), cancellationToken);
    }

    private static Bytes32 SaltOf(ResourceContext context, ProvisionedNodeInputs inputs) =>
        Keccak.Hash($"jeju/order/{context.Urn}/{inputs.Kind}/{inputs.Region}/{(inputs.Tee ? "tee" : "")}");

    private static NetworkName NetworkOf(ProvisionedNodeInputs inputs) => ProfileOf(inputs.Suite.ChainId)?.Name ?? NetworkName.Localnet;

    private static NetworkProfile? ProfileOf(ChainId chain) => NetworkProfile.All.FirstOrDefault(profile => profile.SettlementChain == chain);

    private static string ValueText(Enum value) => value.ToString().ToLowerInvariant();

    private static string Dollars(TokenAmount amount) => $"${amount.ToTokens(6)}";
}
