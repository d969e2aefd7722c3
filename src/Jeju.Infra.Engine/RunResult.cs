using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine;

/// <summary>How a run ended.</summary>
public sealed record RunResult
{
    /// <summary>What the run did.</summary>
    public required RunOperation Operation { get; init; }

    /// <summary>Whether nothing was changed.</summary>
    public required bool IsPreview { get; init; }

    /// <summary>Why it failed; empty where it succeeded.</summary>
    public required IReadOnlyList<InfraException> Failures { get; init; }

    /// <summary>All steps, in the order in which they ended. The two halves of a replacement are one step here.</summary>
    public required IReadOnlyList<ResourceStep> Steps { get; init; }

    /// <summary>The stack's outputs; what a preview cannot know is unknown.</summary>
    public required PropertyMap Outputs { get; init; }

    /// <summary>The stack's outputs before the run.</summary>
    public required PropertyMap OldOutputs { get; init; }

    /// <summary>What the program registered, in the order of the URNs, without the providers that the engine makes; empty where it did not run.</summary>
    public required IReadOnlyList<PlannedResource> Registered { get; init; }

    /// <summary>Packages that were planned without their plugin, so that nothing about them was checked.</summary>
    public required IReadOnlyList<string> PlanOnlyPackages { get; init; }

    /// <summary>Why this engine would not deploy what it planned; null where it would.</summary>
    public InfraException? Refusal =>
        Registered.FirstOrDefault(resource => PlanOnlyPackages.Contains(State.Urn.Package(resource.Type))) is { } planned
            ? EngineErrors.PlanOnly(State.Urn.Package(planned.Type), planned.Urn)
            : null;

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether it did all that it should.</summary>
    public bool Succeeded => Failures.Count == 0;

    /// <summary>How many resources each operation befell, without the providers that the engine makes for itself.</summary>
    public IReadOnlyDictionary<StepOperation, int> Counts => _counts ??= Steps.Where(step => !step.IsInternal)
        .GroupBy(step => step.Operation)
        .ToDictionary(group => group.Key, group => group.Count());

    /// <summary>How many resources are not as they were.</summary>
    public int ChangeCount => Counts.Where(entry => entry.Key is not (StepOperation.Same or StepOperation.Read or StepOperation.Refresh)).Sum(entry => entry.Value)
        + Steps.Count(step => step.Operation == StepOperation.Refresh && step.Differences.Count > 0);

    private IReadOnlyDictionary<StepOperation, int>? _counts;
}
