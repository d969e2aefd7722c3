using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju contracts collect</c>: brings the treasury what the network has earned for it. Anybody may: the money has one way to go, and whoever calls
/// only pays the gas.
/// </summary>
internal static class ContractsCollectCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Command command = new("collect", "Brings the treasury the fees, slashed stake and surplus that wait for it at the other contracts.") { stack, signer, yes, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            await Question.AskAsync(context, name, $"Collect what the treasury of '{name}' has earned?", parsed.GetValue(yes), cancellationToken);
            return await RunAsync(context, name, parsed.GetValue(signer), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string stack, string? signer, bool asJson, CancellationToken cancellationToken)
    {
        using StackSuite suite = StackSuite.Of(context, stack);
        SuitePlan plan = await suite.PlanAsync(cancellationToken);
        await using ChainClient chain = await suite.ConnectAsync(cancellationToken);
        await SettlementChain.OfStack(context, stack).RequireDeployedAsync(chain, plan.Addresses, stack, cancellationToken);
        SignerReference? named = signer is null ? null : StackAccount.Find(context, stack, StackRole.Operator, signer);
        using TransactionPipeline pipeline = await suite.OpenPipelineAsync(chain, plan, cancellationToken, named);
        CollectionResult result = await new TreasuryCollection(plan.Addresses, pipeline).RunAsync(cancellationToken);
        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(
                new Report(result.Transactions, [.. result.Arrived.Select(Describe)], [.. result.Booked.Select(Describe)]), JsonText.Indented));
        }
        else
        {
            foreach (CollectedAmount amount in result.Arrived)
            {
                await context.Output.WriteLineAsync($"{amount.Source}  {amount.Tokens} {amount.Symbol}");
            }

            foreach (CollectedAmount amount in result.Booked)
            {
                await context.Output.WriteLineAsync($"booked in the treasury's buckets  {amount.Tokens} {amount.Symbol}");
            }
        }

        context.Say(result.Transactions == 0
            ? "jeju: there is nothing to collect, and nothing was sent"
            : string.Create(CultureInfo.InvariantCulture, $"jeju: {result.Transactions} transactions"));
        return ExitCode.Done;
    }

    private static Amount Describe(CollectedAmount amount) => new(amount.Source, amount.Asset.ToChecksumText(), amount.Symbol, amount.Tokens);

    private sealed record Report(int Transactions, IReadOnlyList<Amount> Arrived, IReadOnlyList<Amount> Booked);

    private sealed record Amount(string Source, string Asset, string Symbol, string Tokens);
}
