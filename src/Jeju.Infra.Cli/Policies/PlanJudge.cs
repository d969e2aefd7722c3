using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Policy;

namespace Jeju.Infra.Cli.Policies;

/// <summary>Judges plans of this checkout's stacks by the rules of the house, with the exceptions and budgets of their settings.</summary>
internal static class PlanJudge
{
    private const string Exceptions = "policyExceptions";
    private static readonly string[] Clouds = ["aws", "gcp"];

    /// <summary>Judges what a preview has found.</summary>
    public static PolicyVerdict Judge(CommandContext context, string stack, RunResult preview, bool deploys = false) =>
        Judge(context, stack, preview.Registered, preview.Steps, deploys);

    /// <summary>Judges a plan.</summary>
    /// <param name="context">The checkout, and the clock.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="resources">What the program asks for.</param>
    /// <param name="steps">What would change.</param>
    /// <param name="deploys">Whether it is about to be deployed.</param>
    public static PolicyVerdict Judge(
        CommandContext context, string stack, IReadOnlyList<PlannedResource> resources, IReadOnlyList<ResourceStep> steps, bool deploys)
    {
        ProjectFile project = ProjectFile.Load(context.Layout.Root);
        StackConfig settings = StackConfig.Load(project.StackSettingsPath(stack), project.Name);
        PlanUnderReview plan = new()
        {
            Network = NetworkProfile.ForStack(stack),
            Resources = resources,
            Steps = steps,
            Deploys = deploys,
            ImageDigests = ImageLock.Read(context.Layout).Digests,
            MonthlyBudgets = Budgets(settings, project.Name),
        };
        DateOnly today = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        return PolicyReview.Judge(plan, PolicyException.Parse(Text(settings, project.Name, Exceptions)), today);
    }

    private static Dictionary<string, decimal> Budgets(StackConfig settings, string project)
    {
        Dictionary<string, decimal> budgets = [];
        foreach (string cloud in Clouds)
        {
            if (Text(settings, project, cloud) is string json)
            {
                using JsonDocument document = JsonDocument.Parse(json);
                if (document.RootElement.TryGetProperty("monthlyBudget", out JsonElement budget)
                    && decimal.TryParse(budget.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal dollars))
                {
                    budgets[cloud] = dollars;
                }
            }
        }

        return budgets;
    }

    private static string? Text(StackConfig settings, string project, string name) => settings.Entries.GetValueOrDefault($"{project}:{name}")?.Value;
}
