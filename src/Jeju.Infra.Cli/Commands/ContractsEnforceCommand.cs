using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Marketplace.Enforcement;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju contracts enforce</c>: what nodes did wrong is recorded, proposed and executed. Anybody may: the contracts alone decide, and whoever calls
/// only pays the gas.
/// </summary>
internal static class ContractsEnforceCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> dryRun = new("--dry-run") { Description = "Say what is due, and send nothing." };
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Command command = new("enforce", "Records the failures of nodes that the chain proves, proposes their slashing, and executes what nobody disputed in time.")
        {
            stack, signer, dryRun, yes, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            if (parsed.GetValue(dryRun))
            {
                return await PreviewAsync(context, name, parsed.GetValue(json), cancellationToken);
            }

            await Question.AskAsync(context, name, $"Enforce what the nodes of '{name}' answer for?", parsed.GetValue(yes), cancellationToken);
            return await RunAsync(context, name, parsed.GetValue(signer), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> PreviewAsync(CommandContext context, string stack, bool asJson, CancellationToken cancellationToken)
    {
        SettlementChain settlement = SettlementChain.OfStack(context, stack);
        SuiteAddresses addresses = await settlement.AddressesAsync(context, cancellationToken);
        await using ChainClient chain = await settlement.ConnectAsync(context, cancellationToken);
        await settlement.RequireDeployedAsync(chain, addresses, stack, cancellationToken);
        EnforcementResult due = await new FailureEnforcement(chain, addresses).FindDueAsync(cancellationToken);
        await WriteAsync(context, due.Done, due.Transactions, asJson, isDone: false);
        SayLeft(context, due);
        context.Say(due.Done.Count == 0 ? "jeju: there is nothing to enforce" : "jeju: nothing was sent; what is recorded is proposed in the same run");
        return ExitCode.Done;
    }

    private static async Task<int> RunAsync(CommandContext context, string stack, string? signer, bool asJson, CancellationToken cancellationToken)
    {
        await using MarketSession session = await MarketSession.OpenAsync(context, stack, StackRole.Operator, signer, cancellationToken);
        EnforcementResult result = await new FailureEnforcement(session.Chain, session.Addresses).RunAsync(session.Pipeline, cancellationToken);
        await WriteAsync(context, result.Done, result.Transactions, asJson, isDone: true);
        SayLeft(context, result);
        context.Say(result.Transactions == 0 && result.Done.Count == 0
            ? "jeju: there is nothing to enforce, and nothing was sent"
            : string.Create(CultureInfo.InvariantCulture, $"jeju: {result.Transactions} transactions"));
        return ExitCode.Done;
    }

    private static void SayLeft(CommandContext context, EnforcementResult result)
    {
        foreach (string line in result.Left)
        {
            context.Say($"jeju: not done: {line}");
        }
    }

    private static async Task WriteAsync(CommandContext context, IReadOnlyList<EnforcedStep> steps, int transactions, bool asJson, bool isDone)
    {
        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(new Report(transactions, [.. steps.Select(Describe)]), JsonText.Indented));
            return;
        }

        foreach (EnforcedStep step in steps)
        {
            await context.Output.WriteLineAsync(EnforcementLine.Of(step, isDone));
        }
    }

    private static Step Describe(EnforcedStep step) => new(
        step.Act, step.Subject.ToString(), step.NodeId.ToString(), step.Operator.ToChecksumText(), step.Failure,
        step.Amount?.Tokens, step.Amount?.Symbol, step.Harmed?.ToChecksumText(), step.Compensation?.Tokens, step.IsForgiven);

    private sealed record Report(int Transactions, IReadOnlyList<Step> Steps);

    private sealed record Step(
        EnforcementAct Act, string Subject, string Node, string Operator, string Failure, string? Tokens, string? Symbol, string? Harmed, string? Compensation,
        bool Forgiven);
}
