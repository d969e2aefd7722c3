using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju contracts ...</c>.</summary>
internal static class ContractsCommand
{
    public static Command Create(CommandContext context) => new("contracts", "The contracts of a stack.")
    {
        ContractsCollectCommand.Create(context),
        ContractsDeployCommand.Create(context),
        ContractsEnforceCommand.Create(context),
        ContractsInspectCommand.Create(context),
        ContractsVerifyCommand.Create(context),
    };
}
