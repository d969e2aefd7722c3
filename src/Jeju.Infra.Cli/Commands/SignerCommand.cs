using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju signer ...</c>.</summary>
internal static class SignerCommand
{
    public static Command Create(CommandContext context) => new("signer", "Keys that sign transactions.")
    {
        SignerCreateCommand.Create(context),
    };
}
