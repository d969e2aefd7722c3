using System.CommandLine;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Marketplace.Watchers;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju agent watch</c>: probes the leases of all providers and records, with other watchers, the seconds that were not served.</summary>
internal static class AgentWatchCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> signer = new("--signer")
        {
            Description = "Where the watcher's key is, as TYPE:PLACE (environment:VARIABLE, keystore:FILE, awsKms:ALIAS, gcpKms:VERSION).",
            Required = true,
        };
        Option<string> exchange = new("--exchange") { Description = "The folder of signed records that the watchers share.", Required = true };
        Command command = new("watch", "Probes the leased services as one of the network's watchers, and records the time in which they are dead.")
        {
            stack, signer, exchange,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using MarketSession session = await MarketSession.OpenAsync(
                context, parsed.GetRequiredValue(stack), StackRole.Operator, parsed.GetRequiredValue(signer), cancellationToken);
            LeaseWatcher watcher = new(
                session.Pipeline, session.Signer, session.Addresses["ExternalChainProvider"], parsed.GetRequiredValue(exchange), context.Time,
                line => context.Say($"jeju: {line}"), session.Addresses["MarketFacts"]);
            await watcher.RequireRegisteredAsync(cancellationToken);
            context.Say($"jeju: watching the leases on chain {session.Settlement.Network.SettlementChain} as {session.Pipeline.Account}");
            await watcher.RunAsync(cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
