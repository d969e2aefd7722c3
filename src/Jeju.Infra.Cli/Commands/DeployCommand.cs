using System.CommandLine;
using Jeju.Infra.Cli.Deployments;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju deploy ...</c> and <c>jeju k8s deploy</c>: a stack phase by phase, each phase read back before the next begins.</summary>
internal static class DeployCommand
{
    public static Command Create(CommandContext context) => new("deploy", "Deploys a stack phase by phase.")
    {
        Phases(context, "all", "Deploys clouds, clusters, chain services, contracts and marketplace, each read back before the next begins, and then removes what has left the program.", Enum.GetValues<DeploymentPhase>()),
    };

    /// <summary>A command that deploys some of the phases.</summary>
    public static Command Phases(CommandContext context, string name, string description, params DeploymentPhase[] phases)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing." };
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Command command = new(name, description) { stack, dryRun, yes, json };
        command.SetAction((parsed, cancellationToken) => StackDeployment.RunAsync(
            context, parsed.GetRequiredValue(stack), phases.ToHashSet(), parsed.GetValue(dryRun), parsed.GetValue(yes), parsed.GetValue(json), cancellationToken));
        return command;
    }
}
