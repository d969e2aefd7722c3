using System.CommandLine;
using Jeju.Infra.Chain.Localnet;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju localnet keep</c>: the chain keeper that the local chain starts for itself. Hidden, since nobody types it.
/// </summary>
internal static class LocalnetKeepCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> settings = new("--settings") { Description = "The settings file of the local chain.", Required = true };
        Command command = new("keep", "Saves the local chain's state after each block.") { settings };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            LocalChainSettings chain = await LocalChainSettings.ReadAsync(parsed.GetRequiredValue(settings), cancellationToken);
            await ChainKeeper.RunAsync(chain, context.Time, context.Say, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
