using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Calls a function of a provider; unknown arguments or dependencies make an unknown answer, without a call.</summary>
    internal async Task<OutputData<T?>> InvokeAsync<T>(string token, InvokeArgs args, InvokeOptions? options, RegisterPackageRequest? package, bool single)
    {
        var serializer = new Serializer(await Features.HasResourceReferencesAsync().ConfigureAwait(false), keepOutputs: false);
        var properties = await serializer.SerializeMapAsync(token, args.ToDictionary()).ConfigureAwait(false);
        var dependsOn = options is InvokeOutputOptions output ? await DependsOnAsync(output.DependsOn).ConfigureAwait(false) : [];
        var dependencies = serializer.Dependencies.Union(dependsOn).ToHashSet();
        if (properties.ContainsUnknowns || (options is InvokeOutputOptions && await AnyIdUnknownAsync(dependencies).ConfigureAwait(false)))
        {
            return new([.. dependencies], default, IsKnown: false, properties.ContainsSecrets);
        }
        var provider = options?.Provider ?? options?.Parent?.ProviderOf(token);
        var request = new ResourceInvokeRequest
        {
            Tok = token,
            Args = PropertyCodec.ToStruct(properties),
            Provider = provider is null ? string.Empty : await provider.GetReferenceAsync().ConfigureAwait(false),
            Version = options?.Version ?? string.Empty,
            AcceptResources = Settings.AcceptResources,
            PluginDownloadURL = options?.PluginDownloadURL ?? string.Empty,
            PackageRef = await PackageReferenceAsync(package).ConfigureAwait(false),
        };
        var response = await monitor.CallAsync(PulumiMethods.ResourceMonitor.Invoke, request).ConfigureAwait(false);
        ThrowOnFailures(token, response.Failures);
        return ToData<T>(token, PropertyCodec.FromStruct(response.Return), single, dependencies, properties.ContainsSecrets);
    }

    /// <summary>Calls a method of a resource.</summary>
    internal async Task<OutputData<T?>> CallAsync<T>(string token, CallArgs args, Resource? self, CallOptions? options, RegisterPackageRequest? package)
    {
        var keepResources = await Features.HasResourceReferencesAsync().ConfigureAwait(false);
        var keepOutputs = await Features.HasOutputValuesAsync().ConfigureAwait(false);
        var entries = args.ToDictionary();
        entries = self is null ? entries : entries.SetItem("__self__", self);
        var provider = options?.Provider ?? self?.ProviderOf(token) ?? options?.Parent?.ProviderOf(token);
        var request = new ResourceCallRequest
        {
            Tok = token,
            Args = new(),
            Provider = provider is null ? string.Empty : await provider.GetReferenceAsync().ConfigureAwait(false),
            Version = options?.Version ?? string.Empty,
            PluginDownloadURL = options?.PluginDownloadURL ?? string.Empty,
            PackageRef = await PackageReferenceAsync(package).ConfigureAwait(false),
        };
        var dependencies = new HashSet<Resource>();
        foreach (var (name, value) in entries)
        {
            var serializer = new Serializer(keepResources, keepOutputs);
            var serialized = await serializer.SerializeAsync($"{token}.{name}", value).ConfigureAwait(false);
            if (serialized.IsNull)
            {
                continue;
            }
            request.Args.Fields.Add(name, PropertyCodec.ToValue(serialized));
            request.ArgDependencies.Add(name, new() { Urns = { await DependencyExpansion.ToUrnsAsync(serializer.Dependencies).ConfigureAwait(false) } });
            dependencies.UnionWith(serializer.Dependencies);
        }
        var response = await monitor.CallAsync(PulumiMethods.ResourceMonitor.Call, request).ConfigureAwait(false);
        ThrowOnFailures(token, response.Failures);
        dependencies.UnionWith(response.ReturnDependencies.Values.SelectMany(list => list.Urns).Select(urn => new DependencyResource(urn)));
        return ToData<T>(token, PropertyCodec.FromStruct(response.Return), single: false, dependencies, secretArgs: false);
    }

    private static OutputData<T?> ToData<T>(string token, PropertyMap answer, bool single, IReadOnlyCollection<Resource> dependencies, bool secretArgs)
    {
        var revealed = Revealed.From(single ? Single(token, answer) : answer);
        var value = revealed.IsKnown ? (T?)PropertyConverter.Convert(token, revealed.Value, typeof(T)) : default;
        return new([.. dependencies, .. revealed.Dependencies.Select(urn => new DependencyResource(urn))], value, revealed.IsKnown, revealed.IsSecret || secretArgs);
    }

    private static PropertyValue Single(string token, PropertyMap answer) =>
        answer.Count == 1 ? answer.Values.First() : throw new InvokeException($"{token} answered {answer.Count} values where one is expected.");

    private static void ThrowOnFailures(string token, IReadOnlyCollection<CheckFailure> failures)
    {
        if (failures.Count > 0)
        {
            throw new InvokeException($"Invoke of '{token}' failed: {string.Join(", ", failures.Select(failure => failure.Property.Length > 0 ? $"{failure.Reason} ({failure.Property})" : failure.Reason))}");
        }
    }

    private static async Task<bool> AnyIdUnknownAsync(IEnumerable<Resource> resources)
    {
        foreach (var resource in DependencyExpansion.Expand(resources).OfType<CustomResource>())
        {
            if (!(await resource.Id.DataTask.ConfigureAwait(false)).IsKnown)
            {
                return true;
            }
        }
        return false;
    }
}
