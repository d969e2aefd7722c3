using System.CommandLine;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Marketplace.Enforcement;
using Jeju.Infra.Marketplace.Watchers;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju agent watch</c>: probes the leases of all providers and records, with other watchers, the seconds that were not served.</summary>
internal static class AgentWatchCommand
{
    // Much less than the day in which a failure can be brought forward.
    private static readonly TimeSpan EnforcementInterval = TimeSpan.FromMinutes(10);

    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> signer = new("--signer")
        {
            Description = "Where the watcher's key is, as TYPE:PLACE (environment:VARIABLE, keystore:FILE, awsKms:ALIAS, gcpKms:VERSION).",
            Required = true,
        };
        Option<string> exchange = new("--exchange") { Description = "The folder of signed records that the watchers share.", Required = true };
        Option<bool> enforce = new("--enforce")
        {
            Description = "Every ten minutes also do what `jeju contracts enforce` does, at the cost of the watcher's account.",
        };
        Command command = new("watch", "Probes the leased services as one of the network's watchers, and records the time in which they are dead.")
        {
            stack, signer, exchange, enforce,
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
            if (parsed.GetValue(enforce))
            {
                await WatchAndEnforceAsync(context, session, watcher, cancellationToken);
            }
            else
            {
                await watcher.RunAsync(cancellationToken);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Both until one of them ends, which neither does before it is cancelled or the chain was replaced.</summary>
    private static async Task WatchAndEnforceAsync(CommandContext context, MarketSession session, LeaseWatcher watcher, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task enforcing = new FailureEnforcement(session.Chain, session.Addresses).RepeatAsync(
            session.Pipeline, EnforcementInterval, context.Time, result => Report(context, result), failure => context.Say($"jeju: {failure.ToDisplayText()}"),
            stop.Token);
        Task watching = watcher.RunAsync(stop.Token);
        Task ended = await Task.WhenAny(enforcing, watching);
        await stop.CancelAsync();
        await Task.WhenAll(enforcing, watching).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await ended;
    }

    private static void Report(CommandContext context, EnforcementResult result)
    {
        foreach (string line in result.Done.Select(step => EnforcementLine.Of(step, isDone: true)).Concat(result.Left.Select(line => $"not done: {line}")))
        {
            context.Say($"jeju: {line}");
        }
    }
}
