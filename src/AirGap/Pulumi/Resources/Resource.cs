using System.Collections.Immutable;

namespace Pulumi;

/// <summary>Something that the engine knows by a URN.</summary>
public class Resource
{
    private readonly string type;
    private readonly string name;
    private readonly Lock gate = new();
    private ImmutableArray<Resource> children = [];

    private protected Resource(string type, string name, bool custom, ResourceArgs args, ResourceOptions options, bool remote = false, bool dependency = false, RegisterPackageRequest? package = null)
    {
        this.type = type;
        this.name = name;
        Custom = custom;
        Remote = remote;
        if (dependency)
        {
            return;
        }
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var deployment = Deployment.Required;
        options = options.Clone();
        options.Parent ??= type == Constants.StackType ? null : deployment.Stack;
        Parent = options.Parent;
        (args, options) = Transform(args, options);
        Parent = options.Parent;
        Providers = ProvidersOf(options);
        if (custom && options.Provider is null && options is CustomResourceOptions && this is not ProviderResource)
        {
            options.Provider = Parent?.ProviderOf(type);
        }
        Parent?.AddChild(this);
        deployment.Register(this, args, options, package);
    }

    [Output(Constants.UrnProperty)]
    public Output<string> Urn { get; private protected set; } = null!;

    internal Resource? Parent { get; }

    internal bool Custom { get; }

    internal bool Remote { get; }

    /// <summary>The providers that this resource hands down to its children, by package.</summary>
    internal ImmutableDictionary<string, ProviderResource> Providers { get; } = ImmutableDictionary<string, ProviderResource>.Empty;

    internal ImmutableArray<Resource> Children
    {
        get
        {
            lock (gate)
            {
                return children;
            }
        }
    }

    private ImmutableArray<ResourceTransformation> Transformations { get; set; } = [];

    public string GetResourceType() => type;

    public string GetResourceName() => name;

    internal static string PackageOf(string token) => token.Split(':')[0];

    internal ProviderResource? ProviderOf(string token) => Providers.GetValueOrDefault(PackageOf(token));

    private void AddChild(Resource child)
    {
        lock (gate)
        {
            children = children.Add(child);
        }
    }

    /// <summary>The resource's own transformations run first, then those of its parents up to the stack.</summary>
    private (ResourceArgs Args, ResourceOptions Options) Transform(ResourceArgs args, ResourceOptions options)
    {
        Transformations = [.. options.ResourceTransformations, .. options.Parent?.Transformations ?? []];
        foreach (var transformation in Transformations)
        {
            if (transformation(new(this, args, options)) is not { } result)
            {
                continue;
            }
            if (result.Options.Parent != options.Parent)
            {
                throw new ResourceException("A transformation cannot change the parent of a resource.", this);
            }
            (args, options) = (result.Args, result.Options);
        }
        return (args, options);
    }

    private ImmutableDictionary<string, ProviderResource> ProvidersOf(ResourceOptions options)
    {
        var inherited = options.Parent?.Providers ?? ImmutableDictionary<string, ProviderResource>.Empty;
        IEnumerable<ProviderResource> own = options switch
        {
            ComponentResourceOptions component => [.. component.Providers, .. component.Provider is { } single ? [single] : Array.Empty<ProviderResource>()],
            { Provider: { } provider } => [provider],
            _ => [],
        };
        return inherited.SetItems(own.Select(provider => KeyValuePair.Create(provider.Package, provider)));
    }
}
