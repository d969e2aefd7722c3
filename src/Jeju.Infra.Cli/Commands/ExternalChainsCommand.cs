using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Orders;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju external-chains</c>: orders a service through the marketplace, beside those of the settings.</summary>
internal static class ExternalChainsCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> kind = new("--chain", "--kind") { Description = "The kind of service, for example solana or redis.", Required = true };
        Option<int> hours = new("--hours") { Description = "How long it is leased and paid in advance, 1 to 720.", DefaultValueFactory = _ => 168 };
        Option<bool> tee = new("--tee") { Description = "Only in a trusted execution environment, also where the kind does not require it." };
        Option<string?> region = new("--region") { Description = "Only in this region." };
        Option<string?> price = new("--max-price") { Description = "The highest price accepted, in dollars per hour; that of the cheapest offer where absent." };
        Option<bool> end = new("--end") { Description = "End the lease instead; the unused money comes back." };
        Option<bool> secrets = new("--show-secrets") { Description = "Print the connection string, too." };
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 720)
            {
                result.AddError("--hours is 1 to 720.");
            }
        });
        Command command = new("external-chains", "Orders a chain node or another service through the marketplace, and waits until it answers.")
        {
            stack, kind, hours, tee, region, price, end, secrets, signer, yes, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            ServiceKind wanted = ServiceCatalog.Find(parsed.GetRequiredValue(kind));
            NetworkName network = NetworkProfile.ForStack(name).Name;
            OrderSpecification order = new()
            {
                Salt = ExternalChainOrders.SaltOf(name, wanted),
                Kind = wanted,
                Network = network,
                LeaseHours = (uint)parsed.GetValue(hours),
                MaximumPricePerHour = parsed.GetValue(price) is { } text ? Price(text) : null,
                Region = parsed.GetValue(region),
                WantsTee = parsed.GetValue(tee),
                EncryptionKey = Bytes32.Zero,
            };
            bool ends = parsed.GetValue(end);
            await Stacks.Question.AskAsync(
                context, name, ends ? $"End the lease of {wanted.Name} on '{name}'?" : $"Order and pay {wanted.Name} on '{name}'?", parsed.GetValue(yes), cancellationToken);
            await using MarketSession session = await MarketSession.OpenAsync(context, name, StackRole.Consumer, parsed.GetValue(signer), cancellationToken);
            return ends
                ? await EndAsync(context, name, session, wanted, cancellationToken)
                : await OrderAsync(context, name, session, order, parsed.GetValue(secrets), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> OrderAsync(
        CommandContext context, string stack, MarketSession session, OrderSpecification order, bool showSecrets, bool asJson, CancellationToken cancellationToken)
    {
        // The key is added where the account is known.
        IReadOnlyList<(string Property, string Reason)> failures = [.. order.Check().Where(failure => failure.Property != "encryptionKey")];
        if (failures.Count > 0)
        {
            throw CliErrors.Usage(string.Join(' ', failures.Select(failure => $"{failure.Property}: {failure.Reason}")), "Correct the options; ./jeju external-chains --help lists them.");
        }

        (PlacedOrder placed, ReadyOrder ready) = await ExternalChainOrders.OrderAsync(context, stack, session, order, cancellationToken);
        string connection = showSecrets && order.Kind.Workload is { } workload ? workload.ConnectionString(ready.Endpoint, ready.Credentials) : "";
        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(
                new ServedOrder(
                    placed.OrderId.ToString(),
                    order.Kind.Name,
                    ready.Endpoint.Host,
                    ready.Endpoint.Ports,
                    placed.NodeId.ToString(),
                    ready.Credentials.CertificateFingerprint,
                    connection.Length > 0 ? connection : null),
                JsonText.Indented));
        }
        else
        {
            await context.Output.WriteLineAsync(connection.Length > 0
                ? connection
                : $"{order.Kind.Name}  {ready.Endpoint.Host}:{string.Join(',', ready.Endpoint.Ports)}  order {placed.OrderId}");
        }

        return ExitCode.Done;
    }

    private static async Task<int> EndAsync(CommandContext context, string stack, MarketSession session, ServiceKind kind, CancellationToken cancellationToken)
    {
        OrderEnding? ending = await ExternalChainOrders.EndAsync(context, stack, session, kind, cancellationToken);
        context.Say(ending is null
            ? $"jeju: no lease of {kind.Name} lives that was ordered with this command by {session.Pipeline.Account.ToChecksumText()}"
            : $"jeju: ended {kind.Name}: {ExternalChainOrders.Dollars(ending.Refunded)} refunded to the account's credits, {ExternalChainOrders.Dollars(ending.Paid)} paid, "
                + $"{ExternalChainOrders.Dollars(ending.InDispute)} held until the objection window is over");
        return ExitCode.Done;
    }

    private static TokenAmount Price(string text) => TokenAmount.TryParseTokens(text, 6, out TokenAmount price)
        ? price
        : throw CliErrors.Usage($"--max-price '{text}' is no price.", "Write dollars per hour with at most 6 decimals, such as 0.25.");

    private sealed record ServedOrder(string OrderId, string Kind, string Host, IReadOnlyList<int> Ports, string NodeId, string? CertificateFingerprint, string? ConnectionString);
}
