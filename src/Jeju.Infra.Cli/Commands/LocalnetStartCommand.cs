using System.CommandLine;
using Jeju.Infra.Cli.Localnet;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju localnet start</c>: starts what <c>stop</c> stopped.</summary>
internal static class LocalnetStartCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("start", "Starts chain, containers and agent again after `stop`.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await new DockerPrerequisite(context).EnsureAsync(cancellationToken);
            using LocalnetHost host = new(context);
            if (!await host.StartAsync(cancellationToken))
            {
                throw new InfraException(
                    new ErrorCode(816), "There is no localnet to start here.", "Run ./jeju up, which brings it up.", FailureKind.Usage);
            }

            context.Say("jeju: the localnet runs");
            return ExitCode.Done;
        });
        return command;
    }
}
