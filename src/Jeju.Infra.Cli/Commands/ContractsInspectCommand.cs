using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju contracts inspect</c>: where the contracts of a stack are, which of them are deployed, and which can no longer be upgraded.</summary>
internal static class ContractsInspectCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> json = CommonOptions.Json();
        Command command = new("inspect", "Says where the contracts of the stack are, and which are deployed.") { stack, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetRequiredValue(stack), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string stack, bool asJson, CancellationToken cancellationToken)
    {
        using StackSuite suite = StackSuite.Of(context, stack);
        SuitePlan plan = await suite.PlanAsync(cancellationToken);
        await using ChainClient chain = await suite.ConnectAsync(cancellationToken);
        List<(string Name, Address Address)> planned =
        [
            .. plan.Addresses.All.Select(contract => (contract.Key, contract.Value)), .. plan.PlainContracts.Select(contract => (contract.Name, contract.Address)),
        ];
        IReadOnlyList<byte[]> code = await chain.GetCodeAsync([.. planned.Select(contract => contract.Address)], cancellationToken);
        IReadOnlySet<Address> final = await FinalCode.FindAsync(chain, [.. plan.Addresses.All.Values], cancellationToken);
        List<FoundContract> contracts =
        [
            .. planned.Select((contract, index) => new FoundContract(
                contract.Name, contract.Address.ToChecksumText(), code[index].Length > 0, final.Contains(contract.Address))),
        ];
        if (!plan.KnowsSequencerFacts)
        {
            context.Say("jeju: no adapter to a rollup's outputs is planned (settings `contracts.outputOracle`, `contracts.disputeGameFactory`): only double signing slashes a sequencer");
        }

        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(contracts, JsonText.Indented));
            return ExitCode.Done;
        }

        int width = contracts.Max(contract => contract.Name.Length);
        foreach (FoundContract contract in contracts)
        {
            await context.Output.WriteLineAsync($"{contract.Name.PadRight(width)}  {contract.Address}  {(contract.Deployed ? "deployed" : "not deployed")}{(contract.UpgradesDisabled ? ", upgrades disabled" : "")}");
        }

        return ExitCode.Done;
    }

    private sealed record FoundContract(string Name, string Address, bool Deployed, bool UpgradesDisabled);
}
