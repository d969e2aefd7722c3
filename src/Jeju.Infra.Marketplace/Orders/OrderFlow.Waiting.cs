using System.Globalization;
using System.Numerics;

using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Credentials;

using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Marketplace.Orders;

/// <content>Waiting for an order, and ending it.</content>
public sealed partial class OrderFlow
{
    // New blocks wake the wait at once; this is for what changes with time alone, and for the text that is shown.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Waits until an order is ready, says meanwhile what it waits for, and opens the credentials.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="key">The key for which the credentials are sealed.</param>
    /// <param name="deadline">How long to wait; the order itself lives on when it is over.</param>
    /// <param name="progress">Told what is waited for, whenever that changes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InfraException">JEJU0522: the order ended; JEJU0523: it is not ready in time; JEJU0524: it does not exist.</exception>
    public async Task<ReadyOrder> WaitUntilReadyAsync(
        Bytes32 orderId, EncryptionKey key, TimeSpan deadline, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        long seen = 0;
        string told = string.Empty;
        while (true)
        {
            seen = await WaitForBlockAsync(seen, cancellationToken).ConfigureAwait(false);
            ExternalChainProviderTypes.Order order = await FindAsync(orderId, cancellationToken).ConfigureAwait(false)
                ?? throw new InfraException(
                    MarketplaceErrors.UnknownOrder,
                    $"The order {orderId} does not exist on this chain.",
                    "It may have been rolled back: run the command again, and it is placed with the same id.");
            if (order.State is OrderState.Ready or OrderState.Degraded)
            {
                return await ReadAsync(orderId, key, cancellationToken).ConfigureAwait(false);
            }

            if (order.State != OrderState.Requested)
            {
                throw Ended(order);
            }

            string waitingFor = await DescribeWaitAsync(order, cancellationToken).ConfigureAwait(false);
            if (waitingFor != told)
            {
                progress?.Report(waitingFor);
                told = waitingFor;
            }

            if (_time.GetElapsedTime(started) > deadline)
            {
                throw new InfraException(
                    MarketplaceErrors.NotReadyInTime,
                    $"The order {orderId} is not ready after {Words(deadline)}: {waitingFor}.",
                    "The order stands and is refunded if its provider never serves it. Run the command again to go on waiting.");
            }
        }
    }

    /// <summary>Ends an order and moves what money can be moved. Ending one that is over, or that never was, succeeds.</summary>
    public async Task<OrderEnding> TerminateAsync(Bytes32 orderId, CancellationToken cancellationToken)
    {
        ExternalChainProviderTypes.Order? order = await FindAsync(orderId, cancellationToken).ConfigureAwait(false);
        if (order is null)
        {
            return new OrderEnding(false, TokenAmount.Zero, TokenAmount.Zero, TokenAmount.Zero);
        }

        bool isLive = order.State is not (OrderState.Ended or OrderState.Settled);
        if (isLive)
        {
            bool isOverdue = order.State is OrderState.Unserved or OrderState.Expired;
            try
            {
                await _pipeline.SendAsync(
                    isOverdue ? _orders.ExpireNode(orderId) : _orders.TerminateNode(orderId), cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException refusal) when (IsRevert(refusal, "ExternalChainProvider_WrongState"))
            {
                // It ran out, or its provider gave it up, since we looked.
                return await TerminateAsync(orderId, cancellationToken).ConfigureAwait(false);
            }
        }

        OrderEnding ending = await SettleAsync(orderId, isLive, cancellationToken).ConfigureAwait(false);
        _journal.Remove(_chain.Identity, _orders.Address, _pipeline.Account, order.Salt);
        return ending;
    }

    private async Task<OrderEnding> SettleAsync(Bytes32 orderId, bool wasLive, CancellationToken cancellationToken)
    {
        (BigInteger payable, BigInteger refundable) =
            await _chain.QueryAsync(_orders.Settleable(orderId), cancellationToken).ConfigureAwait(false);
        if (!payable.IsZero || !refundable.IsZero)
        {
            await _pipeline.SendAsync(_orders.SettleNode(orderId), cancellationToken).ConfigureAwait(false);
        }

        ExternalChainProviderTypes.Order order = await _chain.QueryAsync(_orders.Order(orderId), cancellationToken).ConfigureAwait(false);
        BigInteger rest = order.Deposit - order.Settled - order.Refunded;
        return new OrderEnding(wasLive, new TokenAmount(order.Settled), new TokenAmount(order.Refunded), new TokenAmount(rest));
    }

    private async Task<long> WaitForBlockAsync(long seen, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(LookInterval, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await _chain.WaitForBlockAsync(seen, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return seen;
        }
    }

    /// <summary>What the order waits for, from what the chain knows about its provider node.</summary>
    private async Task<string> DescribeWaitAsync(ExternalChainProviderTypes.Order order, CancellationToken cancellationToken)
    {
        (Address registry, _) = await _chain.QueryAsync(_orders.Wiring(), cancellationToken).ConfigureAwait(false);
        DWSProviderRegistryTypes.ProviderNode node = await _chain
            .QueryAsync(new DWSProviderRegistryContract(registry).Node(order.NodeId), cancellationToken).ConfigureAwait(false);
        string who = $"provider node {order.NodeId.ToString()[..10]} in {node.Region.ToName()}";
        DateTimeOffset deadline = DateTimeOffset.FromUnixTimeSeconds((long)order.ReadyDeadline);
        string until = string.Create(CultureInfo.InvariantCulture, $"{deadline:yyyy-MM-dd HH:mm:ss}Z at the latest");
        return node.Healthy
            ? $"paid into escrow; waiting for {who} to start {order.Kind.ToName()} and report it ready, {until}"
            : $"paid into escrow; waiting for {who}, which is late with its heartbeats: its agent may be down; refunded if not ready {until}";
    }

    private static InfraException Ended(ExternalChainProviderTypes.Order order)
    {
        string reason = order.EndReason switch
        {
            ExternalChainProviderTypes.EndReason.TerminatedByConsumer => "its consumer ended it",
            ExternalChainProviderTypes.EndReason.ReleasedByProvider => "its provider node gave it up, which it does when it cannot run the service",
            _ when order.State == OrderState.Unserved || order.EndReason == ExternalChainProviderTypes.EndReason.NeverReady =>
                "its provider node did not report it ready in time",
            _ => "its paid time is over",
        };
        return new InfraException(
            MarketplaceErrors.OrderEnded,
            $"The order {order.OrderId} will not become ready: {reason}.",
            "What was paid comes back to the account's credits. Look at the provider's agent log, then run the command again: it orders anew.");
    }

    private static string Words(TimeSpan span) => span.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} seconds");
}
