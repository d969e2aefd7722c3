using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Cli.Deployments;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju multi-cloud ...</c>: a stack that is on both clouds.</summary>
internal static class MultiCloudCommand
{
    public static Command Create(CommandContext context) => new("multi-cloud", "A stack on both clouds: where it is, and which cloud leads.")
    {
        Status(context),
        DeployCommand.Phases(
            context, "all", "Deploys what is on the clouds: clouds, cluster platforms, chain services.",
            DeploymentPhase.Cloud, DeploymentPhase.Platform, DeploymentPhase.ChainServices),
        Failover(context),
    };

    private static Command Status(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> json = CommonOptions.Json();
        Command command = new("status", "Says which clouds the stack has, which of them leads, and how much is planned on each.") { stack, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<CloudStatus> clouds = await CloudLead.StatusAsync(context, parsed.GetRequiredValue(stack), cancellationToken);
            if (parsed.GetValue(json))
            {
                await context.Output.WriteLineAsync(JsonSerializer.Serialize(clouds, JsonText.Indented));
                return ExitCode.Done;
            }

            if (clouds.Count == 0)
            {
                context.Say($"jeju: the stack '{parsed.GetRequiredValue(stack)}' is on no cloud; --stack testnet or --stack mainnet names one that is");
            }

            foreach (CloudStatus cloud in clouds)
            {
                string deployed = cloud.Deployed is { } count ? $"{count} in the state" : "state not known (pulumi is not on the PATH, or has no such stack)";
                await context.Output.WriteLineAsync($"{cloud.Cloud}  {(cloud.Leads ? "leads" : "follows")}  {cloud.Region}  {cloud.Planned} resources planned, {deployed}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Failover(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<string> to = new("--to") { Description = "The cloud that is to lead: aws or gcp.", Required = true };
        to.AcceptOnlyFromAmong("aws", "gcp");
        Option<bool> dryRun = new("--dry-run") { Description = "Show what would change, and write nothing." };
        Option<bool> yes = CommonOptions.Yes();
        Command command = new("failover", "Lets the other cloud lead: changes the setting, shows the plan, and says what a person has to do.") { stack, to, dryRun, yes };
        command.SetAction((parsed, cancellationToken) => CloudLead.MoveAsync(
            context, parsed.GetRequiredValue(stack), parsed.GetRequiredValue(to), parsed.GetValue(dryRun), parsed.GetValue(yes), cancellationToken));
        return command;
    }
}
