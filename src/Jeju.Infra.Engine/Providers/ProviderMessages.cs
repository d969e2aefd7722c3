using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Providers;

/// <summary>What a provider can take.</summary>
/// <param name="AcceptsSecrets">Secrets may be wrapped; otherwise they are sent bare and marked again in the answer.</param>
/// <param name="AcceptsResources">References may be objects.</param>
/// <param name="SupportsPreview">Create and Update may be called in a preview.</param>
/// <param name="IsPlanOnly">There is no plugin: nothing can be deployed.</param>
internal sealed record ProviderCapabilities(bool AcceptsSecrets, bool AcceptsResources, bool SupportsPreview, bool IsPlanOnly = false);

/// <summary>The resource that a call is about.</summary>
/// <param name="Urn">Its URN.</param>
/// <param name="Id">Its id; empty while there is none.</param>
internal sealed record ProviderTarget(string Urn, string Id);

/// <summary>One property that a provider refuses.</summary>
/// <param name="Property">The property.</param>
/// <param name="Reason">Why, with the fix.</param>
internal sealed record CheckFailure(string Property, string Reason);

/// <summary>The answer of Check.</summary>
/// <param name="Inputs">The inputs with defaults filled.</param>
/// <param name="Failures">All that is wrong.</param>
internal sealed record CheckResult(PropertyMap Inputs, IReadOnlyList<CheckFailure> Failures);

/// <summary>Whether two versions of a resource differ.</summary>
internal enum DiffChanges
{
    /// <summary>The provider leaves the comparison to the engine.</summary>
    Unknown,

    /// <summary>They are equal.</summary>
    None,

    /// <summary>They differ.</summary>
    Some,
}

/// <summary>The answer of Diff.</summary>
internal sealed record DiffResult
{
    public static DiffResult None { get; } = new() { Changes = DiffChanges.None };

    public required DiffChanges Changes { get; init; }

    /// <summary>Properties that force a replacement.</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];

    /// <summary>Top-level properties that differ.</summary>
    public IReadOnlyList<string> Diffs { get; init; } = [];

    /// <summary>The old one has to go before the new one can come.</summary>
    public bool DeleteBeforeReplace { get; init; }

    /// <summary>Differences by property path; null where the provider gives none.</summary>
    public IReadOnlyDictionary<string, PathDiff>? Detailed { get; init; }
}

/// <summary>How one property path differs.</summary>
/// <param name="Kind">Added, deleted or changed.</param>
/// <param name="Replaces">Whether that forces a replacement.</param>
/// <param name="ComparesInputs">Whether old and new inputs are compared, rather than old outputs and new inputs.</param>
internal sealed record PathDiff(Display.DifferenceKind Kind, bool Replaces, bool ComparesInputs);

/// <summary>The answer of Create, Read and Update.</summary>
/// <param name="Id">The id; empty: the resource does not exist, or its id is not known yet.</param>
/// <param name="Outputs">The state.</param>
/// <param name="Inputs">The inputs, from Read; null otherwise.</param>
internal sealed record ResourceResult(string Id, PropertyMap Outputs, PropertyMap? Inputs = null);

/// <summary>A resource exists, but not as it was asked for.</summary>
internal sealed class PartialResourceException(string message, string id, PropertyMap outputs, PropertyMap? inputs, IReadOnlyList<string> reasons, Exception? cause)
    : Exception(message, cause)
{
    public string Id { get; } = id;

    public PropertyMap Outputs { get; } = outputs;

    public PropertyMap? Inputs { get; } = inputs;

    public IReadOnlyList<string> Reasons { get; } = reasons;
}

/// <summary>A provider said no to a call.</summary>
/// <param name="message">What it said.</param>
/// <param name="cause">How it said so.</param>
/// <param name="outcomeUnknown">Whether the call may have had effects, so that its pending operation must stay.</param>
internal sealed class ProviderCallException(string message, Exception? cause, bool outcomeUnknown) : Exception(message, cause)
{
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}
