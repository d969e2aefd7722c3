using System.CommandLine;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Operators;
using NodeStatus = Jeju.Infra.Chain.Bindings.DWSProviderRegistryTypes.NodeStatus;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju provider drain</c>: a provider node takes no new orders, and serves those that it has to their end.</summary>
internal static class ProviderDrainCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string?> node = new("--node") { Description = "The provider node; the account's only one where absent." };
        Option<bool> undo = new("--undo") { Description = "Take orders again." };
        Option<string?> signer = CommonOptions.Signer();
        Option<bool> yes = CommonOptions.Yes();
        Command command = new("drain", "Takes no new orders, and serves those that there are to their end.") { stack, node, undo, signer, yes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            bool drains = !parsed.GetValue(undo);
            Bytes32? named = parsed.GetValue(node) is { } text ? CommonOptions.Id("--node", text) : null;
            await Question.AskAsync(context, name, drains ? $"Take no new orders on '{name}'?" : $"Take orders again on '{name}'?", parsed.GetValue(yes), cancellationToken);
            await using MarketSession session = await MarketSession.OpenAsync(context, name, StackRole.Operator, parsed.GetValue(signer), cancellationToken);
            (Bytes32 nodeId, DWSProviderRegistryTypes.ProviderNode found) = await FindAsync(session.Market, named, cancellationToken);
            NodeStatus wanted = drains ? NodeStatus.Draining : NodeStatus.Active;
            DWSProviderRegistryContract registry = session.Market.Contracts.ProviderRegistry;
            if (found.Status != wanted)
            {
                await session.Market.SendAsync([registry.SetDraining(nodeId, drains)], cancellationToken);
                found = await session.Chain.QueryAsync(registry.Node(nodeId), cancellationToken);
            }

            await context.Output.WriteLineAsync($"{nodeId}  {found.Status.ToString().ToLowerInvariant()}  {found.LiveLeases} leases");
            return found.Status == wanted
                ? ExitCode.Done
                : throw new InfraException(
                    new ErrorCode(838), $"The chain calls the node {found.Status.ToString().ToLowerInvariant()} after the transaction.", "Run the command again: the chain may have been rolled back.");
        });
        return command;
    }

    private static async Task<(Bytes32 NodeId, DWSProviderRegistryTypes.ProviderNode Node)> FindAsync(
        MarketAccess market, Bytes32? named, CancellationToken cancellationToken)
    {
        var own = await ProviderRegistration.NodesOfAsync(market, market.Account, cancellationToken);
        var chosen = own.Where(one => named is null || one.NodeId == named).ToList();
        return chosen.Count == 1
            ? chosen[0]
            : throw CliErrors.Usage(
                own.Count == 0 ? $"The account {market.Account} owns no provider node."
                    : named is not null ? $"The account {market.Account} owns no provider node {named}."
                    : $"The account {market.Account} owns {own.Count} provider nodes.",
                own.Count == 0 ? "Register one with ./jeju provider register." : $"Name one with --node: {string.Join(", ", own.Select(one => one.NodeId))}.");
    }
}
