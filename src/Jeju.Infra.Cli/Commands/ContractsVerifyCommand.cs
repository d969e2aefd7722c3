using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju contracts verify</c>: compares code, roles, settings and pauses on the chain with what this checkout would deploy.
/// </summary>
internal static class ContractsVerifyCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Compares the deployed contracts with what this checkout would deploy.") { stack, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetRequiredValue(stack), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string stack, bool asJson, CancellationToken cancellationToken)
    {
        using StackSuite suite = StackSuite.Of(context, stack);
        SuitePlan plan = await suite.PlanAsync(cancellationToken);
        await using ChainClient chain = await suite.ConnectAsync(cancellationToken);
        SuiteInspection inspection = await new SuiteInspector(chain, plan).InspectAsync(cancellationToken);
        List<Deviation> deviations =
        [
            .. inspection.Deviations.Select(one => new Deviation(one.Contract, one.Subject, one.Expected, one.Found)),
        ];
        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(deviations, JsonText.Indented));
        }
        else
        {
            foreach (Deviation deviation in deviations)
            {
                await context.Output.WriteLineAsync($"{deviation.Contract}: {deviation.Subject} is {deviation.Found}, planned {deviation.Planned}");
            }
        }

        foreach (string contract in inspection.Final.Order(StringComparer.Ordinal))
        {
            context.Say($"jeju: the upgrades of {contract} are disabled: its code stays what it is");
        }

        if (inspection.IsAsPlanned)
        {
            context.Say($"jeju: {plan.Contracts.Count + plan.PlainContracts.Count} contracts are as planned");
            return ExitCode.Done;
        }

        throw new InfraException(
            new ErrorCode(821),
            $"The contracts differ from the plan in {deviations.Count} points.",
            $"./jeju up --stack {stack} mends them, through the timelock where there is a delay{(inspection.Deviations.Any(deviation => deviation.Kind is SuiteDeviationKind.FinalCode) ? "; the code of a contract whose upgrades are disabled nobody changes: build the commit that it is of, or except it in `jeju-infra:contracts` > `exceptions`" : "")}.");
    }

    private sealed record Deviation(string Contract, string Subject, string Planned, string Found);
}
