using System.Collections;
using System.CommandLine;
using Jeju.Infra.Marketplace.Gateway;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju agent gateway</c>: the entry of a cluster's leases, as its pod runs it.</summary>
internal static class AgentGatewayCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("gateway", "Passes connections from outside a cluster on to the leases that they name; its settings are the environment variables of its pod.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await LeaseGateway.RunAsync(LeaseGatewaySettings.Read(Surroundings()), context.Time, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Dictionary<string, string> Surroundings() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? string.Empty, StringComparer.Ordinal);
}
