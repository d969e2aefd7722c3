using System.CommandLine;
using System.Numerics;
using System.Text.Json;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju delegate</c>: lends stake to a node.</summary>
internal static class DelegateCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> node = new("--node") { Description = "The staking node's id, or that of a provider node that it backs.", Required = true };
        Option<string> amount = new("--amount") { Description = "What you shall have lent to the node in all, in JEJU; what is there already counts.", Required = true };
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Command command = new("delegate", "Lends stake to a node, for a share of what it earns.") { stack, node, amount, signer, yes, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            TokenAmount lent = CommonOptions.Amount("--amount", parsed.GetRequiredValue(amount));
            Bytes32 id = CommonOptions.Id("--node", parsed.GetRequiredValue(node));
            await Question.AskAsync(context, name, $"Lend {lent.ToTokens(18)} JEJU on '{name}'?", parsed.GetValue(yes), cancellationToken);
            await using MarketSession session = await MarketSession.OpenAsync(context, name, StackRole.Delegator, parsed.GetValue(signer), cancellationToken);
            Bytes32 nodeId = await StakingNodes.FindAsync(session.Market, id, cancellationToken);
            (BigInteger shares, BigInteger worth) = await NodeStaking.DelegateAsync(session.Market, nodeId, lent, cancellationToken);
            string jeju = new TokenAmount(worth).ToTokens(18);
            await context.Output.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new Lent(nodeId.ToString(), session.Pipeline.Account.ToString(), jeju, shares.ToString(System.Globalization.CultureInfo.InvariantCulture)), JsonText.Indented)
                : $"{nodeId}  delegated {jeju} JEJU");
            return ExitCode.Done;
        });
        return command;
    }

    private sealed record Lent(string NodeId, string Delegator, string Amount, string Shares);
}
