using System.CommandLine;
using Jeju.Infra.Marketplace.Agent;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju agent run</c>: runs a provider node's agent until it is told to stop. Its workloads run on without it.</summary>
internal static class AgentRunCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> settings = new("--settings") { Description = "The agent's settings file, which only its owner can read.", Required = true };
        Command command = new("run", "Runs a provider node's agent: it serves the orders that the chain gives to its node.") { settings };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await AgentHost.RunAsync(AgentSettings.Load(parsed.GetRequiredValue(settings)), context.Time, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
