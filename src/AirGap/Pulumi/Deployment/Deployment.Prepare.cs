using System.Collections.Immutable;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>A resource with everything it waits for: parent, dependencies, provider and all of its arguments.</summary>
    private sealed record Prepared(
        string ParentUrn,
        PropertyMap Properties,
        ImmutableDictionary<string, IReadOnlyCollection<string>> PropertyDependencies,
        IReadOnlyCollection<string> Dependencies,
        string ProviderReference,
        ImmutableDictionary<string, string> ProviderReferences,
        ImmutableArray<Pulumirpc.Alias> Aliases,
        string DeletedWithUrn,
        ImmutableArray<Callback> Transforms);

    private async Task<Prepared> PrepareAsync(Resource resource, ResourceArgs args, ResourceOptions options)
    {
        var parentUrn = await UrnOfAsync(options.Parent).ConfigureAwait(false);
        var keepResources = await Features.HasResourceReferencesAsync().ConfigureAwait(false);
        var keepOutputs = resource.Remote && await Features.HasOutputValuesAsync().ConfigureAwait(false);

        var allDependencies = new HashSet<Resource>();
        allDependencies.UnionWith(await DependsOnAsync(options.DependsOn).ConfigureAwait(false));

        // Those of a local component, too: the engine keeps them in its state, though nobody but the program reads them.
        var properties = new List<KeyValuePair<string, PropertyValue>>();
        var propertyDependencies = ImmutableDictionary.CreateBuilder<string, IReadOnlyCollection<string>>();
        foreach (var (name, value) in args.ToDictionary().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (resource.Custom && name is Constants.IdProperty or Constants.UrnProperty)
            {
                continue;
            }
            var serializer = new Serializer(keepResources, keepOutputs);
            var serialized = await serializer.SerializeAsync($"{resource.GetResourceName()}.{name}", value).ConfigureAwait(false);
            if (serialized.IsNull)
            {
                continue;
            }
            properties.Add(KeyValuePair.Create(name, serialized));
            allDependencies.UnionWith(serializer.Dependencies);
            propertyDependencies.Add(name, await DependencyExpansion.ToUrnsAsync(serializer.Dependencies, resource).ConfigureAwait(false));
        }

        var providerReferences = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (name, provider) in resource.Remote ? resource.Providers : ImmutableDictionary<string, ProviderResource>.Empty)
        {
            providerReferences.Add(name, await provider.GetReferenceAsync().ConfigureAwait(false));
        }

        return new(
            parentUrn,
            PropertyMap.From(properties),
            propertyDependencies.ToImmutable(),
            await DependencyExpansion.ToUrnsAsync(allDependencies, resource).ConfigureAwait(false),
            options is CustomResourceOptions { Provider: { } own } ? await own.GetReferenceAsync().ConfigureAwait(false) : string.Empty,
            providerReferences.ToImmutable(),
            await AliasesAsync(options).ConfigureAwait(false),
            await DeletedWithAsync(options.DeletedWith).ConfigureAwait(false),
            await TransformsAsync(options).ConfigureAwait(false));
    }

    private static async Task<string> UrnOfAsync(Resource? resource) =>
        resource is null ? string.Empty : (await resource.Urn.DataTask.ConfigureAwait(false)).Value;

    private static async Task<IEnumerable<Resource>> DependsOnAsync(InputList<Resource> dependsOn)
    {
        var list = await dependsOn.ToOutput().DataTask.ConfigureAwait(false);
        return [.. list.Resources, .. list.Value.IsDefault ? [] : list.Value.Where(resource => resource is not null)];
    }

    private async Task<string> DeletedWithAsync(Resource? resource)
    {
        if (resource is not null)
        {
            await Features.RequireAsync("deletedWith", "the option DeletedWith").ConfigureAwait(false);
        }
        return await UrnOfAsync(resource).ConfigureAwait(false);
    }

    private async Task<ImmutableArray<Pulumirpc.Alias>> AliasesAsync(ResourceOptions options)
    {
        // Aliases that follow from those of the parent are the engine's affair.
        if (!await Features.HasAliasSpecsAsync().ConfigureAwait(false) && options.Aliases.Count > 0)
        {
            throw Features.Lacks("aliasSpecs", "aliases");
        }
        var result = ImmutableArray.CreateBuilder<Pulumirpc.Alias>();
        foreach (var input in options.Aliases)
        {
            if ((await input.ToOutput().DataTask.ConfigureAwait(false)).Value is { } alias)
            {
                result.Add(await ToMessageAsync(alias).ConfigureAwait(false));
            }
        }
        return result.ToImmutable();
    }

    private static async Task<Pulumirpc.Alias> ToMessageAsync(Alias alias)
    {
        if (alias.Urn is { } urn)
        {
            return new() { Urn = urn };
        }
        var spec = new Pulumirpc.Alias.Types.Spec
        {
            Name = await TextAsync(alias.Name).ConfigureAwait(false),
            Type = await TextAsync(alias.Type).ConfigureAwait(false),
            Stack = await TextAsync(alias.Stack).ConfigureAwait(false),
            Project = await TextAsync(alias.Project).ConfigureAwait(false),
        };
        if (alias.Parent is not null || alias.ParentUrn is not null)
        {
            spec.ParentUrn = alias.Parent is { } parent ? await UrnOfAsync(parent).ConfigureAwait(false) : await TextAsync(alias.ParentUrn).ConfigureAwait(false);
        }
        else
        {
            spec.NoParent = alias.NoParent;
        }
        return new() { Spec = spec };

        static async Task<string> TextAsync(Input<string>? input) => (await input.ToOutput().DataTask.ConfigureAwait(false)).Value ?? string.Empty;
    }

    private async Task<ImmutableArray<Callback>> TransformsAsync(ResourceOptions options)
    {
        if (options.ResourceTransforms.Count == 0)
        {
            return [];
        }
        await Features.RequireAsync("transforms", "resource transforms").ConfigureAwait(false);
        var result = ImmutableArray.CreateBuilder<Callback>();
        foreach (var transform in options.ResourceTransforms)
        {
            result.Add(await callbacks.AddAsync(new TransformCallback(transform, Features).InvokeAsync).ConfigureAwait(false));
        }
        return result.ToImmutable();
    }
}
