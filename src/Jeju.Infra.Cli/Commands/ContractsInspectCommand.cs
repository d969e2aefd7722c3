using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Cli.Chains;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju contracts inspect</c>: where the contracts of a stack are, and which of them are deployed.</summary>
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
        SettlementChain settlement = SettlementChain.OfStack(context, stack);
        SuiteAddresses addresses = await settlement.AddressesAsync(context, cancellationToken);
        await using ChainClient chain = await settlement.ConnectAsync(context, cancellationToken);
        List<string> names = [.. addresses.All.Keys];
        IReadOnlyList<byte[]> code = await chain.GetCodeAsync([.. names.Select(name => addresses[name])], cancellationToken);
        List<FoundContract> contracts =
        [
            .. names.Select((name, index) => new FoundContract(name, addresses[name].ToChecksumText(), code[index].Length > 0)),
        ];
        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(contracts, JsonText.Indented));
            return ExitCode.Done;
        }

        int width = names.Max(name => name.Length);
        foreach (FoundContract contract in contracts)
        {
            await context.Output.WriteLineAsync($"{contract.Name.PadRight(width)}  {contract.Address}  {(contract.Deployed ? "deployed" : "not deployed")}");
        }

        return ExitCode.Done;
    }

    private sealed record FoundContract(string Name, string Address, bool Deployed);
}
