using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju policy</c>: the rules that every plan has to keep.</summary>
internal static class PolicyCommand
{
    public static Command Create(CommandContext context) =>
        new("policy", "The rules that every plan has to keep.") { PolicyCheckCommand.Create(context) };
}
