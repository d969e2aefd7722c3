using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju agent ...</c>.</summary>
internal static class AgentCommand
{
    public static Command Create(CommandContext context) => new("agent", "A provider node's agent, and the watchers of all of them.")
    {
        AgentRunCommand.Create(context),
        AgentGatewayCommand.Create(context),
        AgentWatchCommand.Create(context),
    };
}
