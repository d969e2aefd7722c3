namespace Pulumi;

/// <summary>What the engine is told about a resource besides its arguments.</summary>
public abstract class ResourceOptions
{
    private InputList<Resource>? dependsOn;
    private List<string>? ignoreChanges;
    private List<string>? replaceOnChanges;
    private List<Input<Alias>>? aliases;
    private List<ResourceTransformation>? resourceTransformations;
    private List<ResourceTransform>? resourceTransforms;

    protected ResourceOptions()
    {
    }

    /// <summary>Reads an existing resource with this id instead of making one.</summary>
    public Input<string>? Id { get; set; }

    public Resource? Parent { get; set; }

    public InputList<Resource> DependsOn
    {
        get => dependsOn ??= [];
        set => dependsOn = value;
    }

    public bool? Protect { get; set; }

    public List<string> IgnoreChanges
    {
        get => ignoreChanges ??= [];
        set => ignoreChanges = value;
    }

    public List<string> ReplaceOnChanges
    {
        get => replaceOnChanges ??= [];
        set => replaceOnChanges = value;
    }

    public string? Version { get; set; }

    public ProviderResource? Provider { get; set; }

    public CustomTimeouts? CustomTimeouts { get; set; }

    public List<ResourceTransformation> ResourceTransformations
    {
        get => resourceTransformations ??= [];
        set => resourceTransformations = value;
    }

    public List<ResourceTransform> ResourceTransforms
    {
        get => resourceTransforms ??= [];
        set => resourceTransforms = value;
    }

    public List<Input<Alias>> Aliases
    {
        get => aliases ??= [];
        set => aliases = value;
    }

    public string? PluginDownloadURL { get; set; }

    public bool? RetainOnDelete { get; set; }

    public Resource? DeletedWith { get; set; }

    internal abstract ResourceOptions Clone();

    /// <summary>Lists of both are joined, single values of the other win.</summary>
    private protected void MergeFrom(ResourceOptions other)
    {
        Id = other.Id ?? Id;
        Parent = other.Parent ?? Parent;
        Protect = other.Protect ?? Protect;
        Version = other.Version ?? Version;
        Provider = other.Provider ?? Provider;
        CustomTimeouts = other.CustomTimeouts ?? CustomTimeouts;
        PluginDownloadURL = other.PluginDownloadURL ?? PluginDownloadURL;
        RetainOnDelete = other.RetainOnDelete ?? RetainOnDelete;
        DeletedWith = other.DeletedWith ?? DeletedWith;
        dependsOn = Join(dependsOn, other.dependsOn);
        ignoreChanges = Join(ignoreChanges, other.ignoreChanges);
        replaceOnChanges = Join(replaceOnChanges, other.replaceOnChanges);
        aliases = Join(aliases, other.aliases);
        resourceTransformations = Join(resourceTransformations, other.resourceTransformations);
        resourceTransforms = Join(resourceTransforms, other.resourceTransforms);
    }

    private protected static List<T>? Join<T>(List<T>? first, List<T>? second) =>
        first is null && second is null ? null : [.. first ?? [], .. second ?? []];

    private static InputList<Resource>? Join(InputList<Resource>? first, InputList<Resource>? second) => (first, second) switch
    {
        (null, null) => null,
        (null, { } only) => new InputList<Resource>().Concat(only),
        ({ } only, null) => new InputList<Resource>().Concat(only),
        ({ } one, { } two) => one.Concat(two),
    };
}

/// <summary>Options of a resource that a provider manages.</summary>
public sealed class CustomResourceOptions : ResourceOptions
{
    private List<string>? additionalSecretOutputs;

    public CustomResourceOptions()
    {
    }

    public bool? DeleteBeforeReplace { get; set; }

    public List<string> AdditionalSecretOutputs
    {
        get => additionalSecretOutputs ??= [];
        set => additionalSecretOutputs = value;
    }

    public string? ImportId { get; set; }

    public static CustomResourceOptions Merge(CustomResourceOptions? options1, CustomResourceOptions? options2)
    {
        var merged = new CustomResourceOptions();
        foreach (var part in new[] { options1, options2 }.OfType<CustomResourceOptions>())
        {
            merged.MergeFrom(part);
            merged.DeleteBeforeReplace = part.DeleteBeforeReplace ?? merged.DeleteBeforeReplace;
            merged.ImportId = part.ImportId ?? merged.ImportId;
            merged.additionalSecretOutputs = Join(merged.additionalSecretOutputs, part.additionalSecretOutputs);
        }
        return merged;
    }

    internal override ResourceOptions Clone() => Merge(this, null);
}

/// <summary>Options of a component.</summary>
public sealed class ComponentResourceOptions : ResourceOptions
{
    private List<ProviderResource>? providers;

    public ComponentResourceOptions()
    {
    }

    /// <summary>The providers that the children use, one per package.</summary>
    public List<ProviderResource> Providers
    {
        get => providers ??= [];
        set => providers = value;
    }

    public static ComponentResourceOptions Merge(ComponentResourceOptions? options1, ComponentResourceOptions? options2)
    {
        var merged = new ComponentResourceOptions();
        foreach (var part in new[] { options1, options2 }.OfType<ComponentResourceOptions>())
        {
            merged.MergeFrom(part);
            // A single provider is one of the list, so that a later list does not hide it.
            List<ProviderResource> all = [.. merged.providers ?? [], .. part.providers ?? [], .. part.Provider is { } single ? [single] : Array.Empty<ProviderResource>()];
            merged.providers = [.. all.GroupBy(provider => provider.Package).Select(group => group.Last())];
        }
        merged.Provider = null;
        return merged;
    }

    internal override ResourceOptions Clone() => Merge(this, null);
}
