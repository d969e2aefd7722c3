using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy;

/// <summary>Everything that the rules may look at.</summary>
public sealed record PlanUnderReview
{
    private readonly Dictionary<string, PlannedResource> _byUrn = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<PlannedResource> _resources = [];

    /// <summary>The environment.</summary>
    public required NetworkProfile Network { get; init; }

    /// <summary>The stack's resources as the program asks for them.</summary>
    public required IReadOnlyList<PlannedResource> Resources
    {
        get => _resources;
        init
        {
            _resources = value;
            _byUrn = value.ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        }
    }

    /// <summary>What would change, against the recorded state or against another plan; empty where there is nothing to compare with.</summary>
    public IReadOnlyList<ResourceStep> Steps { get; init; } = [];

    /// <summary>The digests that <c>jeju images pin</c> resolved, by image and tag.</summary>
    public IReadOnlyDictionary<string, string> ImageDigests { get; init; } = new Dictionary<string, string>();

    /// <summary>What a month may cost, in US dollars, by package (<c>aws</c>, <c>gcp</c>); a package that is missing has no budget.</summary>
    public IReadOnlyDictionary<string, decimal> MonthlyBudgets { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Whether it is about to be deployed, and not only looked at.</summary>
    public bool Deploys { get; init; }

    /// <summary>Whether there was something to compare with.</summary>
    internal bool HasHistory => Steps.Any(step => step.Old is not null);

    /// <summary>The root of the plan, for findings about all of it.</summary>
    internal string RootUrn => Resources.FirstOrDefault(resource => resource.Type == Urn.StackType)?.Urn
        ?? Urn.Root(Network.StackName, Resources.Select(resource => Urn.Project(resource.Urn)).FirstOrDefault("jeju-infra"));

    /// <summary>The resource of a URN; null where the plan has none.</summary>
    internal PlannedResource? Find(string urn) => _byUrn.GetValueOrDefault(urn);

    /// <summary>The resources of some types.</summary>
    internal IEnumerable<PlannedResource> OfType(params string[] types) => Resources.Where(resource => types.Contains(resource.Type));

    /// <summary>Whether a property comes from another resource: an output of it, which no preview knows, or its name.</summary>
    internal static bool Refers(PlannedResource from, string property, PlannedResource to) =>
        from.Sources(property).Contains(to.Urn)
        || (from.Text(property) is { } text && (text == to.Text("name") || text == to.Text(property)));
}
