using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Cli.Deployments;

/// <summary>One cloud of a stack.</summary>
/// <param name="Cloud"><c>aws</c> or <c>gcp</c>.</param>
/// <param name="Leads">Whether its cluster builds the chain.</param>
/// <param name="Region">Its region.</param>
/// <param name="Planned">How many resources are planned on it.</param>
/// <param name="Deployed">How many the team's state has; null where it cannot be asked.</param>
internal sealed record CloudStatus(string Cloud, bool Leads, string Region, int Planned, int? Deployed);

/// <summary>Which cloud leads: there the one sequencer, batcher and proposer of the chain run.</summary>
internal static class CloudLead
{
    private const string Group = "rollup";
    private const string Member = "sequencingCloud";
    private static readonly string[] CloudNames = ["aws", "gcp"];

    /// <summary>The clouds of a stack.</summary>
    public static async Task<IReadOnlyList<CloudStatus>> StatusAsync(CommandContext context, string stack, CancellationToken cancellationToken)
    {
        StackConfig config = Config(context, stack);
        string[] clouds = CloudsOf(context, config);
        string lead = LeadOf(context, config, clouds);
        IReadOnlyList<PlannedResource> plan = clouds.Length == 0 ? [] : await PlanAsync(context, stack, config, cancellationToken);
        IReadOnlyList<string>? deployed = await DeployedAsync(context, stack, cancellationToken);
        return
        [
            .. clouds.Select(cloud => new CloudStatus(
                cloud,
                cloud == lead,
                RegionOf(context, config, cloud),
                plan.Count(resource => resource.Type.StartsWith(cloud + ":", StringComparison.Ordinal)),
                deployed?.Count(type => type.StartsWith(cloud + ":", StringComparison.Ordinal)))),
        ];
    }

    /// <summary>Makes a cloud lead: the setting, after its plan was shown. Nothing is deployed here, because a person must be sure that the old lead stands still.</summary>
    public static async Task<int> MoveAsync(CommandContext context, string stack, string to, bool dryRun, bool yes, CancellationToken cancellationToken)
    {
        StackConfig before = Config(context, stack);
        string[] clouds = CloudsOf(context, before);
        if (clouds.Length < 2)
        {
            throw CliErrors.Usage(
                $"The stack '{stack}' is {(clouds.Length == 0 ? "on no cloud" : $"on {clouds[0]} alone")}: nothing can take over.",
                $"Add the other cloud to stacks/Pulumi.{stack}.yaml and deploy it first.");
        }

        string lead = LeadOf(context, before, clouds);
        if (lead == to)
        {
            context.Say($"jeju: {to} leads already; nothing changes");
            return ExitCode.Done;
        }

        string key = KeyOf(context, Group);
        JsonObject rollup = before.Entries.TryGetValue(key, out ConfigEntry? entry) && JsonNode.Parse(entry.Value) is JsonObject present ? present : new JsonObject();
        rollup[Member] = to;
        StackConfig after = before with
        {
            Entries = new Dictionary<string, ConfigEntry>(before.Entries, StringComparer.Ordinal) { [key] = new ConfigEntry(rollup.ToJsonString(), IsSecret: false) },
        };
        IReadOnlyList<ResourceStep> steps = PlanDocument.Compare(
            await PlanAsync(context, stack, before, cancellationToken), await PlanAsync(context, stack, after, cancellationToken));
        foreach (ResourceStep step in steps.Where(step => step.Operation != StepOperation.Same))
        {
            await context.Output.WriteLineAsync($"{step.Operation.ToString().ToLowerInvariant()}  {step.Urn[(step.Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..]}");
        }

        if (dryRun)
        {
            context.Say($"jeju: {to} would lead instead of {lead}; nothing was written");
            return ExitCode.Done;
        }

        await Question.AskAsync(context, stack, $"Let {to} lead '{stack}' instead of {lead}?", yes, cancellationToken);
        StackEngine engine = StackSession.OpenFor(context, context.Layout, stack, before, context.Layout.EngineStateFolder);
        await engine.SetConfigMemberAsync(Group, Member, to, cancellationToken);
        context.Say($"jeju: {Path.GetFileName(context.Layout.StackSettingsFile(stack))} says that {to} leads; nothing is deployed yet. What a person has to do, in this order:");
        context.Say($"  1. Make sure that the sequencer on {lead} stands still: scale it to 0 there, or see that its cluster is gone. Two sequencers fork the chain.");
        context.Say($"  2. Wait until the execution clients on {to} have the last safe block; what was sequenced and not yet batched is lost with the old lead.");
        context.Say($"  3. Review and merge the setting, then run ./jeju deploy all --stack {stack}.");
        context.Say("  4. The names follow by their failover records as long as the cloud that is their authority answers; if it is gone, delegate the zone anew at the registrar.");
        return ExitCode.Done;
    }

    private static StackConfig Config(CommandContext context, string stack)
    {
        Jeju.Infra.Core.NetworkProfile.ForStack(stack);
        ProjectFile project = ProjectFile.Load(context.Layout.Root);
        return StackConfig.Load(project.StackSettingsPath(stack), project.Name);
    }

    private static string[] CloudsOf(CommandContext context, StackConfig config) =>
        [.. CloudNames.Where(cloud => config.Entries.ContainsKey(KeyOf(context, cloud)))];

    private static string LeadOf(CommandContext context, StackConfig config, string[] clouds) =>
        TextIn(config, KeyOf(context, Group), Member) is { Length: > 0 } lead ? lead : clouds.FirstOrDefault() ?? "";

    private static string RegionOf(CommandContext context, StackConfig config, string cloud) => TextIn(config, KeyOf(context, cloud), "region");

    private static string KeyOf(CommandContext context, string setting) => $"{ProjectFile.Load(context.Layout.Root).Name}:{setting}";

    /// <summary>A member of a group of settings; empty where there is none.</summary>
    private static string TextIn(StackConfig config, string key, string member) =>
        config.Entries.TryGetValue(key, out ConfigEntry? entry) && JsonNode.Parse(entry.Value) is JsonObject group && group[member] is { } value ? value.ToString() : "";

    private static async Task<IReadOnlyList<PlannedResource>> PlanAsync(CommandContext context, string stack, StackConfig config, CancellationToken cancellationToken)
    {
        StackEngine engine = StackSession.OpenFor(context, context.Layout, stack, config, context.Layout.EngineStateFolder);
        RunResult plan = await new RunDisplay(context).ShowAsync(events => engine.PreviewAsync(RunSettings.Default, events, cancellationToken));
        return plan.Succeeded ? plan.Registered : throw plan.Failures[0];
    }

    /// <summary>The types of what the team's state has, from the official engine; null where there is none.</summary>
    private static async Task<IReadOnlyList<string>?> DeployedAsync(CommandContext context, string stack, CancellationToken cancellationToken)
    {
        if (ChildProcess.Find("pulumi", context.ReadEnvironment("PATH")) is null)
        {
            return null;
        }

        (int exitCode, string text) = await ChildProcess.CaptureAsync(
            new ChildProcessStart("pulumi", "stack", "export", "--stack", stack, "--non-interactive") { WorkingFolder = context.Layout.Root }, cancellationToken);
        if (exitCode != 0)
        {
            return null;
        }

        using JsonDocument state = JsonDocument.Parse(text);
        return state.RootElement.TryGetProperty("deployment", out JsonElement deployment) && deployment.TryGetProperty("resources", out JsonElement resources)
            ? [.. resources.EnumerateArray().Select(resource => resource.GetProperty("type").GetString() ?? "")]
            : [];
    }
}
