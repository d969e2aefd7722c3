using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju provider offers</c>: what the provider nodes of the network offer, read from the chain.</summary>
internal static class ProviderOffersCommand
{
    private const int PageSize = 100;

    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string?> node = new("--node") { Description = "One provider node alone." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("offers", "Lists the offers of the network's provider nodes.") { stack, node, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            SettlementChain settlement = SettlementChain.OfStack(context, name);
            SuiteAddresses addresses = await settlement.AddressesAsync(context, cancellationToken);
            await using ChainClient chain = await settlement.ConnectAsync(context, cancellationToken);
            await settlement.RequireDeployedAsync(chain, addresses, name, cancellationToken);

            // Reading needs no account.
            MarketAccess market = new(chain, new MarketContracts(addresses.Of), Address.Zero, (_, _) => throw new InvalidOperationException("A look sends nothing."));
            IReadOnlyList<Bytes32> nodes = parsed.GetValue(node) is { } text
                ? [CommonOptions.Id("--node", text)]
                : await NodesAsync(market, cancellationToken);
            return await WriteAsync(context, market, nodes, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    /// <summary>Writes the offers of some nodes.</summary>
    public static async Task<int> WriteAsync(
        CommandContext context, MarketAccess market, IReadOnlyList<Bytes32> nodes, bool asJson, CancellationToken cancellationToken)
    {
        List<PublishedOffer> offers = [];
        foreach (Bytes32 node in nodes)
        {
            offers.AddRange((await ProviderRegistration.ReadOffersAsync(market, node, cancellationToken)).Select(offer => new PublishedOffer(
                node.ToString(),
                offer.Kind.ToName(),
                offer.Network.ToName(),
                offer.Region.ToName(),
                new TokenAmount(offer.PricePerHour).ToTokens(6),
                offer.Used,
                offer.Capacity,
                offer.Tee,
                offer.Available)));
        }

        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(offers, JsonText.Indented));
            return ExitCode.Done;
        }

        foreach (PublishedOffer offer in offers)
        {
            await context.Output.WriteLineAsync(
                $"{offer.NodeId}  {offer.Kind}  {offer.Network}  {offer.Region}  ${offer.PricePerHour} per hour  {offer.Used} of {offer.Capacity} leased"
                + $"{(offer.Tee ? "  TEE" : "")}{(offer.Available ? "" : "  not available")}");
        }

        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<Bytes32>> NodesAsync(MarketAccess market, CancellationToken cancellationToken)
    {
        List<Bytes32> all = [];
        IReadOnlyList<Bytes32> page;
        do
        {
            page = await market.Chain.QueryAsync(market.Contracts.ProviderRegistry.Nodes(all.Count, PageSize), cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == PageSize);
        return all;
    }

    private sealed record PublishedOffer(
        string NodeId, string Kind, string Network, string Region, string PricePerHour, uint Used, uint Capacity, bool Tee, bool Available);
}
