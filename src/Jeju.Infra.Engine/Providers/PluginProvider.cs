using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;
using Methods = Jeju.Infra.Protocol.PulumiMethods.ResourceProvider;

namespace Jeju.Infra.Engine.Providers;

/// <summary>A provider behind Pulumi's plugin protocol.</summary>
internal sealed class PluginProvider : IResourceProvider
{
    private readonly GrpcClient _client;
    private readonly IAsyncDisposable? _owner;
    private readonly string _package;
    private PropertyEncoding _encoding = PropertyEncoding.WithoutOutputs;

    private PluginProvider(string package, GrpcClient client, IAsyncDisposable? owner, ProviderCapabilities capabilities)
    {
        (_package, _client, _owner) = (package, client, owner);
        Apply(capabilities);
    }

    public ProviderCapabilities Capabilities { get; private set; } = new(AcceptsSecrets: true, AcceptsResources: true, SupportsPreview: true);

    /// <summary>Exchanges capabilities with a plugin that listens.</summary>
    /// <param name="package">Its package.</param>
    /// <param name="client">The way to it.</param>
    /// <param name="owner">What is disposed with the provider: the process, or nothing in tests.</param>
    /// <param name="handshake">The engine's side.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<PluginProvider> ConnectAsync(
        string package, GrpcClient client, IAsyncDisposable? owner, ProviderHandshakeRequest handshake, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.CallAsync(Methods.Handshake, handshake, cancellationToken).ConfigureAwait(false);
            return new PluginProvider(
                package, client, owner, new ProviderCapabilities(answer.AcceptSecrets, answer.AcceptResources, SupportsPreview: true));
        }
        catch (GrpcStatusException exception) when (exception.StatusCode == GrpcStatusCode.Unimplemented)
        {
            // An older plugin; its Configure says what it can take.
            return new PluginProvider(package, client, owner, new ProviderCapabilities(AcceptsSecrets: false, AcceptsResources: false, SupportsPreview: false));
        }
    }

    public async Task<CheckResult> CheckConfigAsync(string urn, PropertyMap? oldInputs, PropertyMap inputs, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await CallAsync(
                Methods.CheckConfig,
                new CheckRequest { Urn = urn, Olds = Bag(oldInputs), News = Bag(inputs), Name = Urn.Name(urn), Type = Urn.Type(urn) },
                cancellationToken).ConfigureAwait(false);
            return ToCheckResult(answer, inputs);
        }
        catch (GrpcStatusException exception) when (exception.StatusCode == GrpcStatusCode.Unimplemented)
        {
            return new CheckResult(inputs, []);
        }
    }

    public async Task<DiffResult> DiffConfigAsync(ProviderTarget target, PropertyMap oldInputs, PropertyMap inputs, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await CallAsync(
                Methods.DiffConfig,
                new DiffRequest
                {
                    Id = target.Id, Urn = target.Urn, Olds = Bag(oldInputs), OldInputs = Bag(oldInputs), News = Bag(inputs),
                    Name = Urn.Name(target.Urn), Type = Urn.Type(target.Urn),
                },
                cancellationToken).ConfigureAwait(false);
            return ToDiffResult(answer);
        }
        catch (GrpcStatusException exception) when (exception.StatusCode == GrpcStatusCode.Unimplemented)
        {
            return new DiffResult { Changes = DiffChanges.Unknown };
        }
    }

    public async Task ConfigureAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var request = new ConfigureRequest
        {
            Args = PropertyCodec.ToStruct(inputs, PropertyEncoding.WithoutOutputs),
            AcceptSecrets = true,
            AcceptResources = true,
            SendsOldInputs = true,
            SendsOldInputsToDelete = true,
            Id = target.Id,
            Urn = target.Urn,
            Name = Urn.Name(target.Urn),
            Type = Urn.Type(target.Urn),
        };
        foreach (var (key, value) in inputs)
        {
            var plain = value is PropertySecret secret ? secret.Value : value;
            if (plain is PropertyString text)
            {
                request.Variables[$"{_package}:config:{key}"] = text.Value;
            }
        }

        var answer = await CallAsync(Methods.Configure, request, cancellationToken).ConfigureAwait(false);
        Apply(new ProviderCapabilities(answer.AcceptSecrets, answer.AcceptResources, answer.SupportsPreview));
    }

    public async Task<CheckResult> CheckAsync(
        string urn, PropertyMap? oldInputs, PropertyMap inputs, ReadOnlyMemory<byte> randomSeed, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            Methods.Check,
            new CheckRequest
            {
                Urn = urn, Olds = Bag(oldInputs), News = Bag(inputs), RandomSeed = ByteString.CopyFrom(randomSeed.Span), Name = Urn.Name(urn), Type = Urn.Type(urn),
            },
            cancellationToken).ConfigureAwait(false);
        return ToCheckResult(answer, inputs);
    }

    public async Task<DiffResult> DiffAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, IReadOnlyList<string> ignoreChanges, CancellationToken cancellationToken)
    {
        var request = new DiffRequest
        {
            Id = target.Id, Urn = target.Urn, Olds = Bag(oldOutputs), OldInputs = Bag(oldInputs), News = Bag(inputs),
            Name = Urn.Name(target.Urn), Type = Urn.Type(target.Urn),
        };
        request.IgnoreChanges.AddRange(ignoreChanges);
        return ToDiffResult(await CallAsync(Methods.Diff, request, cancellationToken).ConfigureAwait(false));
    }

    public async Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, double timeoutSeconds, bool preview, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            Methods.Create,
            new CreateRequest { Urn = urn, Properties = Bag(inputs), Timeout = timeoutSeconds, Preview = preview, Name = Urn.Name(urn), Type = Urn.Type(urn) },
            cancellationToken).ConfigureAwait(false);
        return new ResourceResult(answer.Id, ReadOutputs(answer.Properties, inputs));
    }

    public async Task<ResourceResult> ReadAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            Methods.Read,
            new ReadRequest
            {
                Id = target.Id, Urn = target.Urn, Properties = Bag(outputs), Inputs = Bag(inputs), Name = Urn.Name(target.Urn), Type = Urn.Type(target.Urn),
            },
            cancellationToken).ConfigureAwait(false);
        return new ResourceResult(
            answer.Id, ReadOutputs(answer.Properties, inputs), answer.Inputs is null ? null : ReadOutputs(answer.Inputs, inputs));
    }

    public async Task<ResourceResult> UpdateAsync(
        ProviderTarget target, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap inputs, double timeoutSeconds,
        IReadOnlyList<string> ignoreChanges, bool preview, CancellationToken cancellationToken)
    {
        var request = new UpdateRequest
        {
            Id = target.Id, Urn = target.Urn, Olds = Bag(oldOutputs), OldInputs = Bag(oldInputs), News = Bag(inputs), Timeout = timeoutSeconds,
            Preview = preview, Name = Urn.Name(target.Urn), Type = Urn.Type(target.Urn),
        };
        request.IgnoreChanges.AddRange(ignoreChanges);
        var answer = await CallAsync(Methods.Update, request, cancellationToken).ConfigureAwait(false);
        return new ResourceResult(target.Id, ReadOutputs(answer.Properties, inputs));
    }

    public async Task DeleteAsync(ProviderTarget target, PropertyMap inputs, PropertyMap outputs, double timeoutSeconds, CancellationToken cancellationToken) =>
        await CallAsync(
            Methods.Delete,
            new DeleteRequest
            {
                Id = target.Id, Urn = target.Urn, Properties = Bag(outputs), OldInputs = Bag(inputs), Timeout = timeoutSeconds,
                Name = Urn.Name(target.Urn), Type = Urn.Type(target.Urn),
            },
            cancellationToken).ConfigureAwait(false);

    public async Task<(PropertyMap Result, IReadOnlyList<CheckFailure> Failures)> InvokeAsync(
        string token, PropertyMap arguments, bool preview, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            Methods.Invoke, new InvokeRequest { Tok = token, Args = Bag(arguments), Preview = preview }, cancellationToken).ConfigureAwait(false);
        return (PropertyCodec.FromStruct(answer.Return), Failures(answer.Failures));
    }

    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.CallAsync(Methods.Cancel, new Empty(), cancellationToken).ConfigureAwait(false);
        }
        catch (GrpcStatusException exception) when (exception.StatusCode == GrpcStatusCode.Unimplemented)
        {
            // It cannot break off; its operations run to their end.
        }
    }

    public ValueTask DisposeAsync() => _owner?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Apply(ProviderCapabilities capabilities)
    {
        Capabilities = capabilities;
        _encoding = PropertyEncoding.WithoutOutputs with { KeepSecrets = capabilities.AcceptsSecrets, KeepResources = capabilities.AcceptsResources };
    }

    private Struct? Bag(PropertyMap? map) => map is null ? null : PropertyCodec.ToStruct(map, _encoding);

    /// <summary>A plugin that takes no secrets answers with bare values: what was secret among the inputs is secret among the outputs.</summary>
    private PropertyMap ReadOutputs(Struct? properties, PropertyMap inputs)
    {
        var outputs = PropertyCodec.FromStruct(properties);
        return Capabilities.AcceptsSecrets
            ? outputs
            : outputs.Select((name, value) => value is not PropertySecret && inputs.Find(name)?.ContainsSecrets == true ? new PropertySecret(value) : value);
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        try
        {
            return await _client.CallAsync(method, request, cancellationToken).ConfigureAwait(false);
        }
        catch (GrpcStatusException exception) when (exception.FindDetail<ErrorResourceInitFailed>() is { } partial)
        {
            throw new PartialResourceException(
                exception.Message,
                partial.Id,
                PropertyCodec.FromStruct(partial.Properties),
                partial.Inputs is null ? null : PropertyCodec.FromStruct(partial.Inputs),
                partial.Reasons.Count > 0 ? [.. partial.Reasons] : [exception.Message],
                exception);
        }
        catch (GrpcStatusException exception) when (exception.StatusCode != GrpcStatusCode.Unimplemented)
        {
            // The codes after which Pulumi, too, takes the resource's state as unknown, and the death of the plugin.
            var outcomeUnknown = exception.StatusCode
                is GrpcStatusCode.Unknown or GrpcStatusCode.Internal or GrpcStatusCode.DataLoss or GrpcStatusCode.Unavailable;
            throw new ProviderCallException(exception.Message, exception, outcomeUnknown);
        }
    }

    private CheckResult ToCheckResult(CheckResponse answer, PropertyMap inputs) =>
        new(answer.Inputs is null ? inputs : ReadOutputs(answer.Inputs, inputs), Failures(answer.Failures));

    private static CheckFailure[] Failures(IEnumerable<Pulumirpc.CheckFailure> failures) =>
        [.. failures.Select(failure => new CheckFailure(failure.Property, failure.Reason))];

    private static DiffResult ToDiffResult(DiffResponse answer) => new()
    {
        Changes = answer.Changes switch
        {
            DiffResponse.Types.DiffChanges.DiffNone => DiffChanges.None,
            DiffResponse.Types.DiffChanges.DiffSome => DiffChanges.Some,
            _ => DiffChanges.Unknown,
        },
        Replaces = [.. answer.Replaces],
        Diffs = [.. answer.Diffs],
        DeleteBeforeReplace = answer.DeleteBeforeReplace,
        Detailed = answer.HasDetailedDiff
            ? answer.DetailedDiff.ToDictionary(entry => entry.Key, entry => ToPathDiff(entry.Value), StringComparer.Ordinal)
            : null,
    };

    private static PathDiff ToPathDiff(PropertyDiff diff) => diff.Kind switch
    {
        PropertyDiff.Types.Kind.Add => new PathDiff(DifferenceKind.Added, Replaces: false, diff.InputDiff),
        PropertyDiff.Types.Kind.AddReplace => new PathDiff(DifferenceKind.Added, Replaces: true, diff.InputDiff),
        PropertyDiff.Types.Kind.Delete => new PathDiff(DifferenceKind.Deleted, Replaces: false, diff.InputDiff),
        PropertyDiff.Types.Kind.DeleteReplace => new PathDiff(DifferenceKind.Deleted, Replaces: true, diff.InputDiff),
        PropertyDiff.Types.Kind.UpdateReplace => new PathDiff(DifferenceKind.Changed, Replaces: true, diff.InputDiff),
        _ => new PathDiff(DifferenceKind.Changed, Replaces: false, diff.InputDiff),
    };
}
