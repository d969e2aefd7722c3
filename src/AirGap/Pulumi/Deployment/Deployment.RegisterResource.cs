using System.Collections.Immutable;
using System.Globalization;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Begins to register a resource; its outputs come when the engine has answered.</summary>
    internal void Register(Resource resource, ResourceArgs args, ResourceOptions options, RegisterPackageRequest? package)
    {
        registered.Enqueue(resource);
        var completion = new OutputCompletion(resource);
        Tasks.Register(ReadOrRegisterAsync(resource, args, options, package, completion));
    }

    /// <summary>Begins to send the outputs of a component.</summary>
    internal void RegisterOutputs(Resource resource, Output<IDictionary<string, object?>> outputs) => Tasks.Register(RegisterOutputsAsync(resource, outputs));

    private async Task RegisterOutputsAsync(Resource resource, Output<IDictionary<string, object?>> outputs)
    {
        var urn = await resource.Urn.DataTask.ConfigureAwait(false);
        var data = await outputs.DataTask.ConfigureAwait(false);
        var serializer = new Serializer(await Features.HasResourceReferencesAsync().ConfigureAwait(false), keepOutputs: false);
        var map = await serializer.SerializeMapAsync(resource.GetResourceName(), data.Value ?? NoOutputs()).ConfigureAwait(false);
        await monitor.CallAsync(PulumiMethods.ResourceMonitor.RegisterResourceOutputs, new() { Urn = urn.Value, Outputs = PropertyCodec.ToStruct(map) }).ConfigureAwait(false);
    }

    private async Task ReadOrRegisterAsync(Resource resource, ResourceArgs args, ResourceOptions options, RegisterPackageRequest? package, OutputCompletion completion)
    {
        try
        {
            var id = options.Id is null ? null : (await options.Id.ToOutput().DataTask.ConfigureAwait(false)).Value;
            if (!string.IsNullOrEmpty(id))
            {
                await ReadAsync(resource, id, args, options, package, completion).ConfigureAwait(false);
            }
            else
            {
                await RegisterAsync(resource, args, options, package, completion).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            completion.Fail(exception);
            throw;
        }
    }

    private async Task ReadAsync(Resource resource, string id, ResourceArgs args, ResourceOptions options, RegisterPackageRequest? package, OutputCompletion completion)
    {
        var prepared = await PrepareAsync(resource, args, options).ConfigureAwait(false);
        var request = new ReadResourceRequest
        {
            Id = id,
            Type = resource.GetResourceType(),
            Name = resource.GetResourceName(),
            Parent = prepared.ParentUrn,
            Properties = PropertyCodec.ToStruct(prepared.Properties),
            Dependencies = { prepared.Dependencies },
            Provider = prepared.ProviderReference,
            Version = options.Version ?? string.Empty,
            AcceptSecrets = true,
            AcceptResources = Settings.AcceptResources,
            AdditionalSecretOutputs = { (options as CustomResourceOptions)?.AdditionalSecretOutputs ?? [] },
            PluginDownloadURL = options.PluginDownloadURL ?? string.Empty,
            PackageRef = await PackageReferenceAsync(package).ConfigureAwait(false),
        };
        var response = await monitor.CallAsync(PulumiMethods.ResourceMonitor.ReadResource, request).ConfigureAwait(false);
        Complete(resource, completion, response.Urn, id, PropertyCodec.FromStruct(response.Properties), failed: false, _ => []);
    }

    private async Task RegisterAsync(Resource resource, ResourceArgs args, ResourceOptions options, RegisterPackageRequest? package, OutputCompletion completion)
    {
        var prepared = await PrepareAsync(resource, args, options).ConfigureAwait(false);
        var request = new RegisterResourceRequest
        {
            Type = resource.GetResourceType(),
            Name = resource.GetResourceName(),
            Parent = prepared.ParentUrn,
            Custom = resource.Custom,
            Remote = resource.Remote,
            Object = PropertyCodec.ToStruct(prepared.Properties),
            Dependencies = { prepared.Dependencies },
            Provider = prepared.ProviderReference,
            Providers = { prepared.ProviderReferences },
            Version = options.Version ?? string.Empty,
            IgnoreChanges = { options.IgnoreChanges },
            ReplaceOnChanges = { options.ReplaceOnChanges },
            AcceptSecrets = true,
            AcceptResources = Settings.AcceptResources,
            SupportsResultReporting = true,
            PluginDownloadURL = options.PluginDownloadURL ?? string.Empty,
            Aliases = { prepared.Aliases },
            DeletedWith = prepared.DeletedWithUrn,
            Transforms = { prepared.Transforms },
            Hooks = new(),
            PackageRef = await PackageReferenceAsync(package).ConfigureAwait(false),
        };
        SetOptional(request, options);
        foreach (var (property, urns) in prepared.PropertyDependencies)
        {
            request.PropertyDependencies.Add(property, new() { Urns = { urns } });
        }
        var response = await monitor.CallAsync(PulumiMethods.ResourceMonitor.RegisterResource, request).ConfigureAwait(false);
        Complete(
            resource, completion, response.Urn, response.Id, PropertyCodec.FromStruct(response.Object), response.Result != Result.Success,
            name => (response.PropertyDependencies.GetValueOrDefault(name)?.Urns ?? []).Select(urn => new DependencyResource(urn)));
    }

    private static void SetOptional(RegisterResourceRequest request, ResourceOptions options)
    {
        if (options.Protect is { } protect)
        {
            request.Protect = protect;
        }
        if (options.RetainOnDelete is { } retainOnDelete)
        {
            request.RetainOnDelete = retainOnDelete;
        }
        if (options.CustomTimeouts is { } timeouts)
        {
            request.CustomTimeouts = new() { Create = ToDuration(timeouts.Create), Update = ToDuration(timeouts.Update), Delete = ToDuration(timeouts.Delete) };
        }
        if (options is CustomResourceOptions custom)
        {
            request.ImportId = custom.ImportId ?? string.Empty;
            request.AdditionalSecretOutputs.AddRange(custom.AdditionalSecretOutputs);
            request.DeleteBeforeReplace = custom.DeleteBeforeReplace ?? false;
            request.DeleteBeforeReplaceDefined = custom.DeleteBeforeReplace is not null;
        }
    }

    /// <summary>A duration as Go writes it; one tick is 100 nanoseconds.</summary>
    internal static string ToDuration(TimeSpan? duration) => duration is { } span ? (span.Ticks * 100).ToString(CultureInfo.InvariantCulture) + "ns" : string.Empty;

    private void Complete(
        Resource resource, OutputCompletion completion, string urn, string id, PropertyMap properties, bool failed, Func<string, IEnumerable<Resource>> dependencies)
    {
        completion.Complete(Constants.UrnProperty, urn, isKnown: true, [resource]);
        completion.Complete(Constants.IdProperty, id, isKnown: id.Length > 0, [resource]);
        // What the engine leaves out of a preview, or of an operation that failed while the program goes on, is not known.
        completion.CompleteAll(resource, properties, missingAreUnknown: Settings.IsDryRun || failed, dependencies);
    }

    private async Task<string> PackageReferenceAsync(RegisterPackageRequest? package)
    {
        if (package is null)
        {
            return string.Empty;
        }
        await Features.RequireAsync("parameterization", "parameterized packages").ConfigureAwait(false);
        return (await monitor.CallAsync(PulumiMethods.ResourceMonitor.RegisterPackage, package.ToMessage()).ConfigureAwait(false)).Ref;
    }
}
