using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Stacks;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju contracts deploy</c>: carries out the plan of the contracts alone, as <c>up</c> does it: deploys, wires, repairs, and schedules what needs
/// the timelock. What is as planned costs no transaction.
/// </summary>
internal static class ContractsDeployCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Command command = new("deploy", "Deploys, wires and repairs the contracts of the stack, and nothing else of it.") { stack, yes, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            await Question.AskAsync(context, name, $"Deploy the contracts of '{name}'?", parsed.GetValue(yes), cancellationToken);
            return await RunAsync(context, name, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string stack, bool asJson, CancellationToken cancellationToken)
    {
        using StackSuite suite = StackSuite.Of(context, stack);
        SuitePlan plan = await suite.PlanAsync(cancellationToken);
        await using ChainClient chain = await suite.ConnectAsync(cancellationToken);
        using TransactionPipeline pipeline = await suite.OpenPipelineAsync(chain, plan, cancellationToken);
        pipeline.Progress += progress =>
        {
            if (progress.Receipt is { } receipt)
            {
                context.Say(string.Create(CultureInfo.InvariantCulture, $"jeju: {progress.Description}: block {receipt.BlockNumber}, {receipt.GasUsed} gas"));
            }
        };
        SuiteDeploymentResult result = await new SuiteDeployment(plan, pipeline).ApplyAsync(cancellationToken);
        if (asJson)
        {
            Report report = new(
                result.Transactions,
                plan.Addresses.All.Select(contract => (contract.Key, contract.Value)).Concat(plan.PlainContracts.Select(contract => (contract.Name, contract.Address)))
                    .ToDictionary(contract => contract.Item1, contract => contract.Item2.ToChecksumText()),
                [.. result.Inspection.Deviations.Select(deviation => deviation.ToString())],
                [
                    .. result.Pending.Select(pending => new Waiting(
                        pending.Summary, pending.OperationId.ToString(), pending.ExecutableAt, pending.Proposal?.To?.ToChecksumText(),
                        pending.Proposal is { } proposal ? "0x" + Convert.ToHexStringLower(proposal.Data) : null)),
                ]);
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(report, JsonText.Indented));
            return ExitCode.Done;
        }

        foreach (PendingAdministration pending in result.Pending)
        {
            await context.Output.WriteLineAsync(pending.ExecutableAt is { } at
                ? string.Create(CultureInfo.InvariantCulture, $"executable at {DateTimeOffset.FromUnixTimeSeconds((long)at):u}: {pending.Summary}")
                : $"to be sent by the proposer to {pending.Proposal?.To?.ToChecksumText()}: 0x{Convert.ToHexStringLower(pending.Proposal?.Data ?? [])} ({pending.Proposal?.Description})");
        }

        context.Say(string.Create(
            CultureInfo.InvariantCulture, $"jeju: {plan.Contracts.Count + plan.PlainContracts.Count} contracts, {result.Transactions} transactions, {result.Pending.Count} changes wait"));
        return ExitCode.Done;
    }

    private sealed record Report(
        int Transactions, IReadOnlyDictionary<string, string> Contracts, IReadOnlyList<string> Deviations, IReadOnlyList<Waiting> Pending);

    private sealed record Waiting(string Summary, string Operation, ulong? ExecutableAt, string? To, string? Data);
}
