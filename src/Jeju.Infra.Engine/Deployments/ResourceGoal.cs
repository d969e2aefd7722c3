using System.Collections.Immutable;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>What the program asks for with one registration.</summary>
internal sealed record ResourceGoal
{
    public required string Type { get; init; }

    public required string Name { get; init; }

    public required bool Custom { get; init; }

    public string Parent { get; init; } = "";

    public PropertyMap Inputs { get; init; } = PropertyMap.Empty;

    /// <summary>Null: not said, so it is the parent's.</summary>
    public bool? Protect { get; init; }

    public EquatableList<string> Dependencies { get; init; } = [];

    public ImmutableSortedDictionary<string, EquatableList<string>> PropertyDependencies { get; init; } = ResourceState.EmptyDependencies;

    /// <summary>The same with the outputs that a traced preview marks.</summary>
    public ImmutableSortedDictionary<string, EquatableList<string>> TracedDependencies { get; init; } = ResourceState.EmptyDependencies;

    /// <summary>The reference of an explicit provider; empty for none.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Providers for the children, by package.</summary>
    public ImmutableDictionary<string, string> Providers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The version of the package; empty for any.</summary>
    public string Version { get; init; } = "";

    /// <summary>Null: the provider decides.</summary>
    public bool? DeleteBeforeReplace { get; init; }

    public EquatableList<string> IgnoreChanges { get; init; } = [];

    public EquatableList<string> ReplaceOnChanges { get; init; } = [];

    public EquatableList<string> AdditionalSecretOutputs { get; init; } = [];

    public IReadOnlyList<AliasSpec> Aliases { get; init; } = [];

    public string ImportId { get; init; } = "";

    public ResourceTimeouts CustomTimeouts { get; init; } = ResourceTimeouts.None;

    /// <summary>Null: not said, so it is the parent's.</summary>
    public bool? RetainOnDelete { get; init; }

    public string DeletedWith { get; init; } = "";

    public IReadOnlyList<TransformCallback> Transforms { get; init; } = [];

    public bool IsProvider => Type.StartsWith("pulumi:providers:", StringComparison.Ordinal);
}

/// <summary>A name under which the resource was known before: a whole URN, or the parts that differ (null: the same as now).</summary>
internal sealed record AliasSpec(string? Urn, string? Name, string? Type, string? Stack, string? Project, string? ParentUrn, bool NoParent);

/// <summary>A function of the program that may change a registration.</summary>
internal sealed record TransformCallback(string Target, string Token);

/// <summary>A resource that was registered in this run.</summary>
/// <param name="Goal">What was asked for, with what was inherited.</param>
/// <param name="State">What it is now; in a preview with unknowns.</param>
/// <param name="AliasUrns">All its former URNs, its parents' included.</param>
internal sealed record RegisteredResource(ResourceGoal Goal, ResourceState State, IReadOnlyList<string> AliasUrns)
{
    /// <summary>The resource as the program asks for it.</summary>
    public PlannedResource ToPlan() => new()
    {
        Urn = State.Urn,
        Type = State.Type,
        Inputs = State.Inputs,
        Parent = State.Parent,
        Dependencies = State.Dependencies,
        PropertyDependencies = State.PropertyDependencies,
        TracedDependencies = Goal.TracedDependencies,
        Provider = State.Provider.Length > 0 ? ProviderReference.Parse(State.Provider).Urn : "",
        Options = Options(),
    };

    private PropertyMap Options()
    {
        var options = new List<KeyValuePair<string, PropertyValue>>();
        void Add(string name, bool isSet, PropertyValue value)
        {
            if (isSet)
            {
                options.Add(KeyValuePair.Create(name, value));
            }
        }

        static PropertyValue Texts(IEnumerable<string> texts) => PropertyList.From(texts.Select(text => (PropertyValue)text));
        Add("protect", State.Protect, true);
        Add("retainOnDelete", State.RetainOnDelete, true);
        Add("deletedWith", State.DeletedWith.Length > 0, State.DeletedWith);
        Add("deleteBeforeReplace", Goal.DeleteBeforeReplace is not null, Goal.DeleteBeforeReplace ?? false);
        Add("ignoreChanges", State.IgnoreChanges.Count > 0, Texts(State.IgnoreChanges));
        Add("replaceOnChanges", State.ReplaceOnChanges.Count > 0, Texts(State.ReplaceOnChanges));
        Add("additionalSecretOutputs", State.AdditionalSecretOutputs.Count > 0, Texts(State.AdditionalSecretOutputs));
        Add("aliases", AliasUrns.Count > 0, Texts(AliasUrns));
        Add("import", Goal.ImportId.Length > 0, Goal.ImportId);
        Add("version", Goal.Version.Length > 0, Goal.Version);
        Add("customTimeouts", State.CustomTimeouts != ResourceTimeouts.None, PropertyMap.Of(
            ("create", State.CustomTimeouts.Create), ("update", State.CustomTimeouts.Update), ("delete", State.CustomTimeouts.Delete), ("read", State.CustomTimeouts.Read)));
        return PropertyMap.From(options);
    }
}
