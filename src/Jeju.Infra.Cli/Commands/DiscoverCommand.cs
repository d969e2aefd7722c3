using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Discovery;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju discover</c>: the endpoints, from the chain alone.</summary>
internal static class DiscoverCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string?> kind = new("--kind") { Description = "One kind of service alone, for example redis." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("discover", "Finds the services' endpoints from the chain alone.") { stack, kind, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetRequiredValue(stack), parsed.GetValue(kind), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string stack, string? kind, bool asJson, CancellationToken cancellationToken)
    {
        if (kind is not null)
        {
            // An unknown kind would find nothing, which looks like an answer.
            ServiceCatalog.Find(kind);
        }

        SettlementChain settlement = SettlementChain.OfStack(context, stack);
        SuiteAddresses addresses = await settlement.AddressesAsync(context, cancellationToken);
        await using ChainClient chain = await settlement.ConnectAsync(context, cancellationToken);
        await settlement.RequireDeployedAsync(chain, addresses, stack, cancellationToken);
        ServiceDiscovery discovery = new(chain, addresses);
        List<FoundService> services =
        [
            .. (await discovery.FindAsync(new DiscoveryFilter(Kind: kind), cancellationToken)).Select(FoundService.From),
        ];
        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(services, JsonText.Indented));
            return ExitCode.Done;
        }

        if (services.Count == 0)
        {
            context.Say($"jeju: no service is leased on chain {settlement.Network.SettlementChain}{(kind is null ? "" : $" of the kind {kind}")}");
        }

        int width = services.Select(service => service.Kind.Length).DefaultIfEmpty().Max();
        foreach (FoundService service in services)
        {
            string endpoint = service.Host is null ? "no endpoint yet" : $"{service.Host}:{string.Join(',', service.Ports)}";
            await context.Output.WriteLineAsync($"{service.Kind.PadRight(width)}  {service.Network}  {service.State}  {endpoint}  order {service.OrderId}");
        }

        return ExitCode.Done;
    }

    private sealed record FoundService(
        string OrderId, string Kind, string Network, string State, string Consumer, string NodeId, string? Host, IReadOnlyList<ushort> Ports,
        ulong ExpiresAt)
    {
        public static FoundService From(DiscoveredService service) => new(
            service.Order.OrderId.ToString(),
            service.Kind,
            service.Network,
            JsonNamingPolicy.CamelCase.ConvertName(service.Order.State.ToString()),
            service.Order.Consumer.ToString(),
            service.Order.NodeId.ToString(),
            service.Endpoint?.Host,
            service.Endpoint?.Ports ?? [],
            service.Order.ExpiresAt);
    }
}
