using System.CommandLine;
using Jeju.Infra.Cli.Localnet;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju localnet reset</c>: the way out of every state that <c>destroy</c> cannot deal with.</summary>
internal static class LocalnetResetCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("reset", "Removes everything that belongs to the localnet, whatever state it is in.");
        command.SetAction(async (_, cancellationToken) =>
        {
            using LocalnetHost host = new(context);
            await host.ResetAsync(cancellationToken);
            context.Say("jeju: nothing is left of the localnet");
            return ExitCode.Done;
        });
        return command;
    }
}
