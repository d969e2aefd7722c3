using System.Numerics;
using System.Runtime.CompilerServices;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Marketplace.Orders;

/// <summary>
/// The consumer's side of the marketplace: orders, waits, reads the endpoint from the chain and ends the lease. Every step finds what an
/// earlier run did: an order is placed once per salt and generation, whatever was killed when.
/// </summary>
public sealed partial class OrderFlow
{
    private const int PageSize = 100;

    // Whoever pays reads the allowance, raises it and uses it; two orders of one account must not do that at the same time.
    private static readonly ConditionalWeakTable<TransactionPipeline, SemaphoreSlim> PaymentGates = [];

    private readonly TransactionPipeline _pipeline;
    private readonly ChainClient _chain;
    private readonly ExternalChainProviderContract _orders;
    private readonly OrderJournal _journal;
    private readonly TimeProvider _time;

    /// <summary>Makes the flow of one consumer.</summary>
    /// <param name="pipeline">The consumer's key.</param>
    /// <param name="externalChainProvider">The contract that takes orders; the others are found through it.</param>
    /// <param name="journal">The consumer's intents.</param>
    /// <param name="time">The clock of the waits.</param>
    public OrderFlow(TransactionPipeline pipeline, Address externalChainProvider, OrderJournal journal, TimeProvider time)
    {
        _pipeline = pipeline;
        _chain = pipeline.Chain;
        _orders = new ExternalChainProviderContract(externalChainProvider);
        _journal = journal;
        _time = time;
    }

    /// <summary>
    /// Places an order, or goes on with the one that an earlier run of ours placed under this salt. A salt whose last lease has ended, or ran
    /// out unserved, starts its next generation.
    /// </summary>
    /// <exception cref="InfraException">
    /// JEJU0520: a live order has the salt, and our journal knows nothing of it; JEJU0521: no offer fits; JEJU0525: the consumer cannot pay.
    /// </exception>
    public async Task<PlacedOrder> PlaceAsync(OrderSpecification specification, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = PaymentGates.GetValue(_pipeline, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            (Bytes32 orderId, ulong generation, OrderState state) =
                await _chain.QueryAsync(_orders.LatestOrder(_pipeline.Account, specification.Salt), cancellationToken).ConfigureAwait(false);
            if (state is OrderState.Requested or OrderState.Ready or OrderState.Degraded)
            {
                return await AdoptAsync(specification.Salt, orderId, cancellationToken).ConfigureAwait(false);
            }

            if (state is OrderState.Unserved or OrderState.Expired)
            {
                await _pipeline.SendAsync(_orders.ExpireNode(orderId), cancellationToken).ConfigureAwait(false);
            }

            return await SendAsync(specification, generation + 1, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Pays for more hours of a live order, at the price at which it was placed.</summary>
    /// <param name="order">The order as it is now.</param>
    /// <param name="hours">How many hours more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InfraException">JEJU0525: the consumer cannot pay.</exception>
    public async Task ExtendAsync(ExternalChainProviderTypes.Order order, uint hours, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = PaymentGates.GetValue(_pipeline, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<ContractCall> payment = await PaymentAsync(order.PricePerHour * hours, cancellationToken).ConfigureAwait(false);
            await _pipeline.SendAsync([.. payment, _orders.ExtendNode(order.OrderId, hours)], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Finds the offer that an order would take now, without ordering.</summary>
    /// <exception cref="InfraException">JEJU0521: none fits.</exception>
    public async Task<ExternalChainProviderTypes.Offer> ResolveOfferAsync(OrderSpecification specification, CancellationToken cancellationToken)
    {
        KindRequirement requirement = specification.Kind.RequirementFor(specification.Network);
        List<ExternalChainProviderTypes.Offer> offers = [];
        IReadOnlyList<ExternalChainProviderTypes.Offer> page;
        do
        {
            page = await _chain.QueryAsync(
                _orders.OffersOfKind(specification.Kind.Id, requirement.NetworkId, offers.Count, PageSize), cancellationToken).ConfigureAwait(false);
            offers.AddRange(page);
        }
        while (page.Count == PageSize);

        HashSet<Bytes32> canonical = [];
        if (specification.OnlyCanonical)
        {
            (Address registryAddress, _) = await _chain.QueryAsync(_orders.Wiring(), cancellationToken).ConfigureAwait(false);
            DWSProviderRegistryContract registry = new(registryAddress);
            Bytes32[] nodes = [.. offers.Select(offer => offer.NodeId).Distinct()];
            IReadOnlyList<DWSProviderRegistryTypes.ProviderNode> found = await _chain
                .QueryAsync(nodes.Select(node => registry.Node(node)).ToList(), cancellationToken).ConfigureAwait(false);
            canonical = [.. nodes.Zip(found).Where(pair => pair.Second.Canonical).Select(pair => pair.First)];
        }

        return OfferSelection.Choose(specification, offers, canonical);
    }

    /// <summary>An order as it is now, or null where the chain does not know it.</summary>
    public async Task<ExternalChainProviderTypes.Order?> FindAsync(Bytes32 orderId, CancellationToken cancellationToken)
    {
        ExternalChainProviderTypes.Order order = await _chain.QueryAsync(_orders.Order(orderId), cancellationToken).ConfigureAwait(false);
        return order.State == OrderState.None ? null : order;
    }

    /// <summary>Reads a ready order's endpoint from the chain and opens its credentials.</summary>
    /// <exception cref="InfraException">JEJU0510: the credentials are not for this key; JEJU0524: there is no such order, or it is not ready.</exception>
    public async Task<ReadyOrder> ReadAsync(Bytes32 orderId, EncryptionKey key, CancellationToken cancellationToken)
    {
        ExternalChainProviderTypes.Order? order = await FindAsync(orderId, cancellationToken).ConfigureAwait(false);
        if (order is null || order.ReadyAt == 0)
        {
            throw new InfraException(
                MarketplaceErrors.UnknownOrder,
                $"The order {orderId} {(order is null ? "does not exist on this chain" : "is not ready")}.",
                "Check the id and the network, or wait for the order.");
        }

        ExternalChainProviderTypes.Endpoint endpoint = await _chain.QueryAsync(_orders.EndpointOf(orderId), cancellationToken).ConfigureAwait(false);
        SealContext context = new(_chain.Identity.ChainId, _orders.Address, orderId, order.Generation);
        ServiceCredentials credentials = CredentialSeal.Open(endpoint.Ciphertext, key, context);
        return new ReadyOrder(orderId, new ServiceEndpoint(endpoint.Host, [.. endpoint.Ports.Select(port => (int)port)]), credentials);
    }

    private async Task<PlacedOrder> AdoptAsync(Bytes32 salt, Bytes32 orderId, CancellationToken cancellationToken)
    {
        if (!_journal.Contains(_chain.Identity, _orders.Address, _pipeline.Account, salt, orderId))
        {
            throw new InfraException(
                MarketplaceErrors.ForeignOrder,
                $"A live order {orderId} of this account has the same salt, and no journal of this stack says that it was placed from here.",
                $"If it is yours, take it over with `pulumi import jeju:index:ProvisionedNode <name> {orderId}`; otherwise give the resource another name.",
                FailureKind.Refused);
        }

        ExternalChainProviderTypes.Order order = await _chain.QueryAsync(_orders.Order(orderId), cancellationToken).ConfigureAwait(false);
        return Placed(order, wasAdopted: true);
    }

    private async Task<PlacedOrder> SendAsync(OrderSpecification specification, ulong generation, CancellationToken cancellationToken)
    {
        ExternalChainProviderTypes.Offer offer = await ResolveOfferAsync(specification, cancellationToken).ConfigureAwait(false);
        ExternalChainProviderTypes.OrderRequest request = new(
            specification.Salt,
            offer.OfferId,
            specification.Kind.Id,
            specification.Kind.RequirementFor(specification.Network).NetworkId,
            specification.LeaseHours,
            specification.MaximumPricePerHour?.Units ?? offer.PricePerHour,
            specification.Region is { } region ? Bytes32.FromName(region) : Bytes32.Zero,
            specification.WantsTee,
            specification.OnlyCanonical,
            specification.Failover,
            specification.RestoreFrom,
            specification.EncryptionKey,
            []);
        List<ContractCall> calls = [.. await PaymentAsync(offer.PricePerHour * specification.LeaseHours, cancellationToken).ConfigureAwait(false)];
        calls.Add(_orders.ProvisionNode(request));

        Bytes32 orderId = await _chain
            .QueryAsync(_orders.OrderIdOf(_pipeline.Account, specification.Salt, generation), cancellationToken).ConfigureAwait(false);
        _journal.Write(_chain.Identity, _orders.Address, _pipeline.Account, specification.Salt, orderId);
        try
        {
            await _pipeline.SendAsync(calls, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException refusal) when (IsRevert(refusal, "ExternalChainProvider_OrderLives"))
        {
            // An earlier run of ours had sent it, and its block came just now.
            return await AdoptAsync(specification.Salt, orderId, cancellationToken).ConfigureAwait(false);
        }

        ExternalChainProviderTypes.Order order = await _chain.QueryAsync(_orders.Order(orderId), cancellationToken).ConfigureAwait(false);
        return Placed(order, wasAdopted: false);
    }

    /// <summary>The approval that an order of this price still needs: prepaid credits are used up first, then the allowance.</summary>
    private async Task<IReadOnlyList<ContractCall>> PaymentAsync(BigInteger price, CancellationToken cancellationToken)
    {
        (_, Address billingAddress) = await _chain.QueryAsync(_orders.Wiring(), cancellationToken).ConfigureAwait(false);
        DWSBillingContract billing = new(billingAddress);
        Address token = await _chain.QueryAsync(billing.PaymentToken(), cancellationToken).ConfigureAwait(false);
        // The test token's bindings serve for any ERC-20: only its standard functions are used.
        TestUsdContract payment = new(token);
        IReadOnlyList<BigInteger> amounts = await _chain.QueryAsync(
            [billing.CreditsOf(_pipeline.Account), payment.Allowance(_pipeline.Account, billingAddress), payment.BalanceOf(_pipeline.Account)],
            cancellationToken).ConfigureAwait(false);
        (BigInteger credits, BigInteger allowance, BigInteger balance) = (amounts[0], amounts[1], amounts[2]);
        BigInteger needed = BigInteger.Max(0, price - credits);
        if (needed > balance)
        {
            throw new InfraException(
                MarketplaceErrors.CannotPay,
                $"The order costs {price} units of the payment token; the account {_pipeline.Account} has {credits} in credits and {balance} in its wallet.",
                "Send the account what is missing, or order for fewer hours. Nothing was paid.");
        }

        return needed > allowance ? [payment.Approve(billingAddress, needed)] : [];
    }

    private static PlacedOrder Placed(ExternalChainProviderTypes.Order order, bool wasAdopted) => new(
        order.OrderId,
        order.Generation,
        order.NodeId,
        order.OfferId,
        new TokenAmount(order.PricePerHour),
        new TokenAmount(order.Deposit),
        wasAdopted);

    private static bool IsRevert(InfraException failure, string error) =>
        failure.InnerException is ContractRevertException revert && revert.Revert.Name == error;
}
