using System.Collections;
using System.CommandLine;
using Jeju.Infra.Marketplace.Agent;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju agent run</c>: runs a provider node's agent until it is told to stop. Its workloads run on without it.</summary>
internal static class AgentRunCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string?> settings = new("--settings")
        {
            Description = "The agent's settings file, which only its owner can read; in a pod, where there is none, environment variables say where everything is.",
        };
        Command command = new("run", "Runs a provider node's agent: it serves the orders that the chain gives to its node.") { settings };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await (parsed.GetValue(settings) is { } file
                ? AgentHost.RunAsync(AgentSettings.Load(file), context.Time, cancellationToken)
                : AgentPod.Read(Surroundings()).RunAsync(context.Time, cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static Dictionary<string, string> Surroundings() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? string.Empty, StringComparer.Ordinal);
}
