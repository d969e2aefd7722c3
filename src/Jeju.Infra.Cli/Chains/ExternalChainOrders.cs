using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Cli.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Credentials;
using Jeju.Infra.Marketplace.Orders;
using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Cli.Chains;

/// <summary>
/// Orders placed by command, beside those of the stack's settings: at most one of each kind per account. Its name on chain follows from stack
/// and kind alone, so a second run finds the first one's order, and no file is needed to end it.
/// </summary>
internal static class ExternalChainOrders
{
    private static readonly OrderState[] Live = [OrderState.Requested, OrderState.Ready, OrderState.Degraded];

    /// <summary>Places the order, or goes on with the one that lives, and waits until the service answers.</summary>
    public static async Task<(PlacedOrder Placed, ReadyOrder Ready)> OrderAsync(
        CommandContext context, string stack, MarketSession session, OrderSpecification wanted, CancellationToken cancellationToken)
    {
        EncryptionKey key = KeyOf(session);
        IProgress<string> progress = new LineProgress(line => context.Say($"jeju: {line}"));
        string agent = new LocalnetProcesses(context, stack).AgentSettingsFile;
        if (session.Settlement.Network.Name == NetworkName.Localnet && File.Exists(agent))
        {
            // On a localnet this machine serves the order itself: what it cannot run is refused while nothing is paid.
            await AgentHost.RequireRunnableAsync(AgentSettings.Load(agent), wanted.Kind, progress, context.Time, cancellationToken);
        }

        OrderFlow flow = Flow(context, stack, session);
        PlacedOrder placed = await flow.PlaceAsync(wanted with { EncryptionKey = key.PublicKey }, cancellationToken);
        context.Say(placed.WasAdopted
            ? $"jeju: the order {placed.OrderId} of an earlier run lives; nothing is paid again"
            : $"jeju: ordered {wanted.Kind.Name} for {wanted.LeaseHours} {(wanted.LeaseHours == 1 ? "hour" : "hours")}: {Dollars(placed.Deposit)} in escrow, {Dollars(placed.PricePerHour)} per hour");
        TimeSpan deadline = wanted.Kind.RequirementFor(wanted.Network).ReadyDeadline;
        return (placed, await flow.WaitUntilReadyAsync(placed.OrderId, key, deadline, progress, cancellationToken));
    }

    /// <summary>Ends the order of a kind; null where none lives.</summary>
    public static async Task<OrderEnding?> EndAsync(CommandContext context, string stack, MarketSession session, ServiceKind kind, CancellationToken cancellationToken)
    {
        (Bytes32 orderId, _, OrderState state) = await session.Chain.QueryAsync(
            session.Market.Contracts.Orders.LatestOrder(session.Pipeline.Account, SaltOf(stack, kind)), cancellationToken);
        return Live.Contains(state) ? await Flow(context, stack, session).TerminateAsync(orderId, cancellationToken) : null;
    }

    /// <summary>Ends whatever was ordered by command on a localnet, whose provider node could not leave otherwise. Without a chain there is nothing to end.</summary>
    public static async Task EndAllAsync(CommandContext context, string stack, CancellationToken cancellationToken)
    {
        try
        {
            await using MarketSession session = await MarketSession.OpenAsync(context, stack, StackRole.Consumer, namedSigner: null, cancellationToken);
            ExternalChainProviderContract orders = session.Market.Contracts.Orders;
            ServiceKind[] kinds = [.. ServiceCatalog.All];
            var latest = await session.Chain.QueryAsync(
                kinds.Select(kind => orders.LatestOrder(session.Pipeline.Account, SaltOf(stack, kind))).ToList(), cancellationToken);
            foreach ((ServiceKind kind, (Bytes32 orderId, _, OrderState state)) in kinds.Zip(latest))
            {
                if (Live.Contains(state))
                {
                    await Flow(context, stack, session).TerminateAsync(orderId, cancellationToken);
                    context.Say($"jeju: ended {kind.Name}, which was ordered with external-chains");
                }
            }
        }
        catch (InfraException failure) when (failure.Code == ChainErrors.UnreachableCode || failure.Code == ChainErrors.WrongChainCode || failure.Code == new ErrorCode(820))
        {
            // No chain of this stack, or none with contracts: nothing was ordered there.
        }
        catch (InfraException failure)
        {
            // Destroying goes on: a lease that still lives is refused there, with its own way out.
            context.Say($"jeju: leases ordered with external-chains were not ended: {failure.Message}");
        }
    }

    /// <summary>The consumer's own name of the order of a kind.</summary>
    public static Bytes32 SaltOf(string stack, ServiceKind kind) => Keccak.Hash($"jeju/external-chains/{stack}/{kind.Name}");

    /// <summary>An amount of the payment token as people read it.</summary>
    public static string Dollars(TokenAmount amount) => $"${amount.ToTokens(6)}";

    private static OrderFlow Flow(CommandContext context, string stack, MarketSession session) => new(
        session.Pipeline, session.Addresses["ExternalChainProvider"], new OrderJournal(context.Layout.JournalFolder(stack)), context.Time);

    private static EncryptionKey KeyOf(MarketSession session) => session.Signer is SoftwareSigner software
        ? EncryptionKey.Derive(software.ExportPrivateKey(), session.Settlement.Network.SettlementChain)
        : throw CliErrors.Usage(
            "The consumer's key is in a key service, which never gives it away: the credentials' key cannot be derived from it.",
            "Order with a key store (--signer keystore:FILE), or through the stack's settings with jeju-infra:encryptionKey.");
}
