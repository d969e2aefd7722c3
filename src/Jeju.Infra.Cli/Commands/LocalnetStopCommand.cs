using System.CommandLine;
using Jeju.Infra.Cli.Localnet;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju localnet stop</c>: frees the machine, and loses nothing.</summary>
internal static class LocalnetStopCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("stop", "Stops agent, containers and chain; their data stays.");
        command.SetAction(async (_, cancellationToken) =>
        {
            using LocalnetHost host = new(context);
            bool was = await host.StopAsync(cancellationToken);
            context.Say(was ? "jeju: the localnet is stopped; ./jeju localnet start goes on" : "jeju: there is no localnet here; ./jeju up brings one up");
            return ExitCode.Done;
        });
        return command;
    }
}
