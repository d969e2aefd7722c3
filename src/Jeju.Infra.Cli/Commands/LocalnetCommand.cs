using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju localnet ...</c>.</summary>
internal static class LocalnetCommand
{
    public static Command Create(CommandContext context) => new("localnet", "The processes and containers of the localnet.")
    {
        LocalnetKeepCommand.Create(context),
    };
}
