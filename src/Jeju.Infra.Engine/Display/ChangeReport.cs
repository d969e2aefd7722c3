using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Display;

/// <summary>What there is to tell about a run, or about the difference of two plans; the renderers take it from here.</summary>
public sealed record ChangeReport
{
    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>What was done or compared, as a heading: <c>Preview of localnet</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Whether the steps are yet to come.</summary>
    public required bool IsPreview { get; init; }

    /// <summary>All steps.</summary>
    public required IReadOnlyList<ResourceStep> Steps { get; init; }

    /// <summary>What changes among the stack's outputs.</summary>
    public IReadOnlyList<PropertyDifference> Outputs { get; init; } = [];

    /// <summary>What failed.</summary>
    public IReadOnlyList<InfraException> Failures { get; init; } = [];

    /// <summary>What nobody was asked about, one matter a line; the packages that were planned without a provider where the caller says no more.</summary>
    public IReadOnlyList<string> NotChecked { get; init; } = [];

    /// <summary>The plan; empty where no program ran.</summary>
    public IReadOnlyList<PlannedResource> Resources { get; init; } = [];

    /// <summary>How long it took; null where that is of no interest.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The steps that change something, parents before children, without what the engine makes for itself.</summary>
    public IReadOnlyList<ResourceStep> Changes =>
        [.. Steps.Where(step => !step.IsInternal && IsChange(step))];

    /// <summary>How many resources each operation befalls.</summary>
    public IReadOnlyDictionary<StepOperation, int> Counts => Steps.Where(step => !step.IsInternal)
        .GroupBy(step => step.Operation is StepOperation.Refresh ? (step.Differences.Count > 0 ? StepOperation.Update : StepOperation.Same) : step.Operation)
        .ToDictionary(group => group.Key, group => group.Count());

    /// <summary>Reports a run.</summary>
    public static ChangeReport FromRun(RunResult result, string stack)
    {
        var verb = result.Operation switch
        {
            RunOperation.Refresh => "refresh",
            RunOperation.Destroy => "destroy",
            _ => "up",
        };
        return new ChangeReport
        {
            Stack = stack,
            Title = result.IsPreview ? (verb == "up" ? $"Preview of {stack}" : $"Preview of {verb}, {stack}") : $"{char.ToUpperInvariant(verb[0])}{verb[1..]} of {stack}",
            IsPreview = result.IsPreview,
            Steps = result.Steps,
            Outputs = PropertyComparison.Compare(result.OldOutputs, result.Outputs),
            Failures = result.Failures,
            NotChecked = result.PlanOnlyPackages,
            Resources = result.Registered,
            Elapsed = result.Elapsed,
        };
    }

    /// <summary>Reports the difference of two plans.</summary>
    /// <param name="stack">The stack's name.</param>
    /// <param name="against">What the older plan is of, such as a git reference.</param>
    /// <param name="before">The older plan.</param>
    /// <param name="after">The newer plan.</param>
    public static ChangeReport FromPlans(string stack, string against, IReadOnlyList<PlannedResource> before, IReadOnlyList<PlannedResource> after) => new()
    {
        Stack = stack,
        Title = $"Plan of {stack} against {against}",
        IsPreview = true,
        Steps = PlanDocument.Compare(before, after),
        Resources = after,
    };

    private static bool IsChange(ResourceStep step) => step.Operation switch
    {
        StepOperation.Same or StepOperation.Read => false,
        StepOperation.Refresh => step.Differences.Count > 0,
        _ => true,
    };
}
