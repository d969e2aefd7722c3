using System.Collections.Immutable;
using Google.Protobuf;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Pulumi;

/// <summary>A resource transform as the engine calls it.</summary>
internal sealed class TransformCallback(ResourceTransform transform, Features features)
{
    public async Task<ByteString> InvokeAsync(ByteString message, CancellationToken cancellationToken)
    {
        var request = TransformRequest.Parser.ParseFrom(message);
        var args = PropertyCodec.FromStruct(request.Properties).ToImmutableDictionary(entry => entry.Key, entry => ToArgument(entry.Value));
        var options = ToOptions(request);
        if (await transform(new(request.Name, request.Type, request.Custom, args, options), cancellationToken).ConfigureAwait(false) is not { } result)
        {
            // An empty answer leaves the resource as it is.
            return new TransformResponse().ToByteString();
        }
        var serializer = new Serializer(await features.HasResourceReferencesAsync().ConfigureAwait(false), keepOutputs: true);
        var properties = await serializer.SerializeMapAsync(request.Name, result.Args).ConfigureAwait(false);
        return new TransformResponse
        {
            Properties = PropertyCodec.ToStruct(properties),
            Options = await ToMessageAsync(request.Options ?? new(), result.Options).ConfigureAwait(false),
        }.ToByteString();
    }

    /// <summary>What is secret, unknown or depends on something is an output, at its place.</summary>
    private static object? ToArgument(PropertyValue value) => value switch
    {
        PropertyOutput or PropertySecret or PropertyUnknown => ToOutput(Revealed.From(value)),
        PropertyList list => list.Select(ToArgument).ToImmutableArray(),
        PropertyMap map => map.ToImmutableDictionary(entry => entry.Key, entry => ToArgument(entry.Value)),
        _ => PropertyConverter.ToPlainObject(value),
    };

    private static Output<object?> ToOutput(Revealed value) => new(Task.FromResult(new OutputData<object?>(
        [.. value.Dependencies.Select(urn => new DependencyResource(urn))],
        value.IsKnown ? PropertyConverter.ToPlainObject(value.Value) : null,
        value.IsKnown,
        value.IsSecret)));

    private static ResourceOptions ToOptions(TransformRequest request)
    {
        var message = request.Options ?? new();
        ResourceOptions options = request.Custom
            ? new CustomResourceOptions
            {
                DeleteBeforeReplace = message.HasDeleteBeforeReplace ? message.DeleteBeforeReplace : null,
                AdditionalSecretOutputs = [.. message.AdditionalSecretOutputs],
                ImportId = message.Import.Length > 0 ? message.Import : null,
            }
            : new ComponentResourceOptions();
        options.DependsOn = message.DependsOn.Select(urn => (Resource)new DependencyResource(urn)).ToImmutableArray();
        options.Parent = request.Parent.Length > 0 ? new DependencyResource(request.Parent) : null;
        options.Protect = message.HasProtect ? message.Protect : null;
        options.RetainOnDelete = message.HasRetainOnDelete ? message.RetainOnDelete : null;
        options.IgnoreChanges = [.. message.IgnoreChanges];
        options.ReplaceOnChanges = [.. message.ReplaceOnChanges];
        options.Version = message.Version.Length > 0 ? message.Version : null;
        options.PluginDownloadURL = message.PluginDownloadUrl.Length > 0 ? message.PluginDownloadUrl : null;
        options.DeletedWith = message.DeletedWith.Length > 0 ? new DependencyResource(message.DeletedWith) : null;
        return options;
    }

    /// <summary>The engine replaces all options with the answer: what a program cannot see here (aliases, timeouts, provider, hooks) goes back as it came, unless it was set.</summary>
    private static async Task<TransformResourceOptions> ToMessageAsync(TransformResourceOptions before, ResourceOptions options)
    {
        var dependsOn = await options.DependsOn.ToOutput().DataTask.ConfigureAwait(false);
        var message = new TransformResourceOptions(before)
        {
            Version = options.Version ?? string.Empty,
            PluginDownloadUrl = options.PluginDownloadURL ?? string.Empty,
            DeletedWith = options.DeletedWith is { } with ? (await with.Urn.DataTask.ConfigureAwait(false)).Value : string.Empty,
            Provider = options.Provider is { } provider ? await provider.GetReferenceAsync().ConfigureAwait(false) : before.Provider,
        };
        Replace(message.DependsOn, await DependencyExpansion.ToUrnsAsync(dependsOn.Value).ConfigureAwait(false));
        Replace(message.IgnoreChanges, options.IgnoreChanges);
        Replace(message.ReplaceOnChanges, options.ReplaceOnChanges);
        if (options.Protect is { } protect)
        {
            message.Protect = protect;
        }
        if (options.RetainOnDelete is { } retain)
        {
            message.RetainOnDelete = retain;
        }
        if (options.CustomTimeouts is { } timeouts)
        {
            message.CustomTimeouts = new()
            {
                Create = Deployment.ToDuration(timeouts.Create), Update = Deployment.ToDuration(timeouts.Update), Delete = Deployment.ToDuration(timeouts.Delete),
            };
        }
        if (options is CustomResourceOptions custom)
        {
            Replace(message.AdditionalSecretOutputs, custom.AdditionalSecretOutputs);
            message.Import = custom.ImportId ?? string.Empty;
            if (custom.DeleteBeforeReplace is { } deleteBeforeReplace)
            {
                message.DeleteBeforeReplace = deleteBeforeReplace;
            }
        }
        return message;
    }

    private static void Replace<T>(Google.Protobuf.Collections.RepeatedField<T> field, IEnumerable<T> values)
    {
        field.Clear();
        field.AddRange(values);
    }
}
