using System.Collections.Immutable;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.State;

/// <summary>What the state knows of one resource. Immutable; a change is another object.</summary>
public sealed record ResourceState
{
    /// <summary>The resource's URN.</summary>
    public required string Urn { get; init; }

    /// <summary>The resource's type token.</summary>
    public required string Type { get; init; }

    /// <summary>Whether a provider manages it; otherwise it is a component.</summary>
    public required bool Custom { get; init; }

    /// <summary>The provider's name for it; empty for a component. Unknown ids of a preview are empty as well.</summary>
    public string Id { get; init; } = "";

    /// <summary>What was asked for, as the provider completed it.</summary>
    public PropertyMap Inputs { get; init; } = PropertyMap.Empty;

    /// <summary>What the provider reported.</summary>
    public PropertyMap Outputs { get; init; } = PropertyMap.Empty;

    /// <summary>The parent's URN; empty for the root and for default providers.</summary>
    public string Parent { get; init; } = "";

    /// <summary>Replaced by a newer resource of the same URN, and still to be deleted.</summary>
    public bool Delete { get; init; }

    /// <summary>May not be deleted or replaced.</summary>
    public bool Protect { get; init; }

    /// <summary>Read, not managed: never deleted.</summary>
    public bool External { get; init; }

    /// <summary>URNs that it depends on.</summary>
    public EquatableList<string> Dependencies { get; init; } = [];

    /// <summary>Why the resource, though it exists, is not what was asked for.</summary>
    public EquatableList<string> InitErrors { get; init; } = [];

    /// <summary>The reference of its provider: URN, two colons, id.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Per input property, the URNs that it depends on.</summary>
    public ImmutableSortedDictionary<string, EquatableList<string>> PropertyDependencies { get; init; } = EmptyDependencies;

    /// <summary>Deleted in order to be replaced, and not created again yet.</summary>
    public bool PendingReplacement { get; init; }

    /// <summary>Outputs that are secret although no input says so.</summary>
    public EquatableList<string> AdditionalSecretOutputs { get; init; } = [];

    /// <summary>URNs under which it was known before.</summary>
    public EquatableList<string> Aliases { get; init; } = [];

    /// <summary>Timeouts of its operations.</summary>
    public ResourceTimeouts CustomTimeouts { get; init; } = ResourceTimeouts.None;

    /// <summary>The id from which it was imported; empty where it was not.</summary>
    public string ImportId { get; init; } = "";

    /// <summary>Leaves the state without being deleted.</summary>
    public bool RetainOnDelete { get; init; }

    /// <summary>The URN of the resource with which it goes without a call of its own; empty for none.</summary>
    public string DeletedWith { get; init; } = "";

    /// <summary>Input paths whose changes are ignored.</summary>
    public EquatableList<string> IgnoreChanges { get; init; } = [];

    /// <summary>Input paths whose changes force a replacement.</summary>
    public EquatableList<string> ReplaceOnChanges { get; init; } = [];

    /// <summary>When it was created, in UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was changed last, in UTC.</summary>
    public DateTimeOffset? Modified { get; init; }

    internal static ImmutableSortedDictionary<string, EquatableList<string>> EmptyDependencies { get; } =
        ImmutableSortedDictionary.Create<string, EquatableList<string>>(StringComparer.Ordinal);

    internal bool IsProvider => Type.StartsWith("pulumi:providers:", StringComparison.Ordinal);

    internal bool IsRoot => Type == State.Urn.StackType;

    /// <summary>Every URN that must be there before this resource, and may go only after it.</summary>
    internal IEnumerable<string> AllDependencies()
    {
        IEnumerable<string> all = [.. Dependencies, .. PropertyDependencies.Values.SelectMany(urns => urns)];
        if (Parent.Length > 0)
        {
            all = all.Append(Parent);
        }

        if (Provider.Length > 0)
        {
            all = all.Append(ProviderReference.Parse(Provider).Urn);
        }

        if (DeletedWith.Length > 0)
        {
            all = all.Append(DeletedWith);
        }

        return all.Distinct(StringComparer.Ordinal).Where(urn => urn != Urn);
    }

    /// <summary>Whether the state file would say the same of both.</summary>
    internal bool HasSameContent(ResourceState other) =>
        this with { PropertyDependencies = EmptyDependencies } == other with { PropertyDependencies = EmptyDependencies }
        && PropertyDependencies.Count == other.PropertyDependencies.Count
        && PropertyDependencies.All(entry => other.PropertyDependencies.TryGetValue(entry.Key, out var urns) && urns.Equals(entry.Value));
}

/// <summary>Timeouts of a resource's operations, in seconds; 0 is none.</summary>
/// <param name="Create">Seconds for a create.</param>
/// <param name="Update">Seconds for an update.</param>
/// <param name="Delete">Seconds for a delete.</param>
/// <param name="Read">Seconds for a read.</param>
public sealed record ResourceTimeouts(double Create, double Update, double Delete, double Read)
{
    /// <summary>No timeout at all.</summary>
    public static ResourceTimeouts None { get; } = new(0, 0, 0, 0);
}

/// <summary>A provider's URN and id.</summary>
/// <param name="Urn">The URN of the provider resource.</param>
/// <param name="Id">Its id; in a preview it may be the text of an unknown.</param>
internal readonly record struct ProviderReference(string Urn, string Id)
{
    public string Package => State.Urn.Package(State.Urn.Type(Urn));

    public static ProviderReference Parse(string text)
    {
        var separator = text.LastIndexOf("::", StringComparison.Ordinal);
        return separator > 0
            ? new ProviderReference(text[..separator], text[(separator + 2)..])
            : throw new FormatException($"'{text}' is no provider reference.");
    }

    public override string ToString() => $"{Urn}::{Id}";
}
