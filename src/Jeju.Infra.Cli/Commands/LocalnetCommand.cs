using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju localnet ...</c>.</summary>
internal static class LocalnetCommand
{
    public static Command Create(CommandContext context) => new("localnet", "The processes and containers of the localnet.")
    {
        LocalnetStartCommand.Create(context),
        LocalnetStopCommand.Create(context),
        LocalnetStatusCommand.Create(context),
        LocalnetResetCommand.Create(context),
        LocalnetKeepCommand.Create(context),
    };
}
