using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider.Framework;
using Pulumirpc;

namespace Jeju.Infra.Provider.Hosting;

/// <summary>The ResourceProvider service: it finds the handler of the resource's type and translates between messages and handlers.</summary>
/// <param name="handlers">The resource types.</param>
/// <param name="log">The engine's log.</param>
internal sealed class ResourceProviderService(IReadOnlyList<IResourceHandler> handlers, EngineLog log) : IDisposable
{
    private readonly Dictionary<string, IResourceHandler> _handlers = handlers.ToDictionary(handler => handler.Token, StringComparer.Ordinal);
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>Completed when the engine has asked the plugin to end.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    // The token of a call is cancelled when the caller goes away. It is not passed on: an operation that was begun runs to its end, so that
    // what it did can be recorded. Only the engine's Cancel ends it.
    public GrpcService ToGrpcService() => new GrpcService()
        .Map(PulumiMethods.ResourceProvider.Handshake, (request, _) => Task.FromResult(Handshake(request)))
        .Map(PulumiMethods.ResourceProvider.Attach, (request, _) => Task.FromResult(Attach(request)))
        .Map(PulumiMethods.ResourceProvider.GetPluginInfo, (_, _) => Task.FromResult(new PluginInfo { Version = PluginInformation.Version }))
        .Map(PulumiMethods.ResourceProvider.GetSchema, (_, _) => Task.FromResult(new GetSchemaResponse { Schema = SchemaWriter.Write(handlers) }))
        .Map(PulumiMethods.ResourceProvider.CheckConfig, (request, _) => Task.FromResult(CheckConfig(request)))
        .Map(PulumiMethods.ResourceProvider.DiffConfig, (_, _) => Task.FromResult(new DiffResponse { Changes = DiffResponse.Types.DiffChanges.DiffNone }))
        .Map(PulumiMethods.ResourceProvider.Configure, (_, _) => Task.FromResult(Configure()))
        .Map(PulumiMethods.ResourceProvider.Check, (request, _) => CheckAsync(request))
        .Map(PulumiMethods.ResourceProvider.Diff, (request, _) => DiffAsync(request))
        .Map(PulumiMethods.ResourceProvider.Create, (request, _) => CreateAsync(request))
        .Map(PulumiMethods.ResourceProvider.Read, (request, _) => ReadAsync(request))
        .Map(PulumiMethods.ResourceProvider.Update, (request, _) => UpdateAsync(request))
        .Map(PulumiMethods.ResourceProvider.Delete, (request, _) => DeleteAsync(request))
        .Map(PulumiMethods.ResourceProvider.Invoke, (request, _) => throw new GrpcStatusException(
            GrpcStatusCode.NotFound, $"The package {PluginInformation.PackageName} has no function '{request.Tok}'."))
        .Map(PulumiMethods.ResourceProvider.Cancel, async (_, _) => await CancelAsync());

    /// <summary>Ends what runs: each operation stops at its next step, and the next deployment continues it.</summary>
    public void CancelOperations() => _cancelled.Cancel();

    public void Dispose() => _cancelled.Dispose();

    private ProviderHandshakeResponse Handshake(ProviderHandshakeRequest request)
    {
        if (request.EngineAddress.Length > 0)
        {
            log.Connect(request.EngineAddress);
        }

        return new ProviderHandshakeResponse { AcceptSecrets = true, AcceptResources = true, AcceptOutputs = false };
    }

    private Empty Attach(PluginAttach request)
    {
        log.Connect(request.Address);
        return new Empty();
    }

    /// <summary>The package has no settings of its own: what a resource needs is in its inputs, so that two chains can be used side by side.</summary>
    private static CheckResponse CheckConfig(CheckRequest request)
    {
        var response = new CheckResponse { Inputs = request.News };
        response.Failures.AddRange(request.News.Fields.Keys
            .Where(name => name is not "version" && !name.StartsWith("__", StringComparison.Ordinal))
            .Select(name => new CheckFailure { Property = name, Reason = "is no setting of this provider: it has none; remove it" }));
        return response;
    }

    private static ConfigureResponse Configure() => new() { AcceptSecrets = true, AcceptResources = true, AcceptOutputs = false, SupportsPreview = true };

    private Task<CheckResponse> CheckAsync(CheckRequest request) => RunAsync(null, async () =>
    {
        var outcome = await Handler(request.Urn, request.Type).CheckAsync(Context(request.Urn, 0), PropertyCodec.FromStruct(request.News), Cancelled);
        var response = new CheckResponse { Inputs = ToStruct(outcome.Inputs) };
        response.Failures.AddRange(outcome.Failures.Select(failure => new CheckFailure { Property = failure.Path, Reason = failure.Reason }));
        return response;
    });

    private Task<DiffResponse> DiffAsync(DiffRequest request) => RunAsync(null, async () =>
    {
        var handler = Handler(request.Urn, request.Type);
        var oldOutputs = PropertyCodec.FromStruct(request.Olds);
        var oldInputs = OldInputs(handler, request.OldInputs, oldOutputs);
        var outcome = await handler.DiffAsync(
            Context(request.Urn, 0), request.Id, oldInputs, oldOutputs, PropertyCodec.FromStruct(request.News), Cancelled);
        var differences = outcome.Differences.Where(difference => !request.IgnoreChanges.Contains(difference.Path)).ToList();

        var response = new DiffResponse
        {
            Changes = differences.Count > 0 ? DiffResponse.Types.DiffChanges.DiffSome : DiffResponse.Types.DiffChanges.DiffNone,
            DeleteBeforeReplace = outcome.DeleteBeforeReplace,
            HasDetailedDiff = true,
        };
        response.Diffs.AddRange(differences.Select(difference => difference.Property).Distinct(StringComparer.Ordinal));
        response.Replaces.AddRange(differences.Where(difference => difference.Replaces).Select(difference => difference.Property).Distinct(StringComparer.Ordinal));
        foreach (var difference in differences)
        {
            response.DetailedDiff[difference.Path] = new PropertyDiff { Kind = difference.Kind, InputDiff = difference.IsInput };
        }

        return response;
    });

    private Task<CreateResponse> CreateAsync(CreateRequest request)
    {
        var inputs = PropertyCodec.FromStruct(request.Properties);
        return RunAsync(inputs, async () =>
        {
            var handler = Handler(request.Urn, request.Type);
            var context = Context(request.Urn, request.Timeout);
            if (request.Preview)
            {
                return new CreateResponse { Properties = ToStruct(handler.PlanCreate(context, inputs)) };
            }

            var created = await handler.CreateAsync(context, inputs, Cancelled);
            return new CreateResponse { Id = created.Id, Properties = ToStruct(created.Outputs) };
        });
    }

    private Task<ReadResponse> ReadAsync(ReadRequest request) => RunAsync(null, async () =>
    {
        var handler = Handler(request.Urn, request.Type);
        var outputs = PropertyCodec.FromStruct(request.Properties);
        var found = await handler.ReadAsync(
            Context(request.Urn, 0), request.Id, OldInputs(handler, request.Inputs, outputs), outputs, Cancelled);
        return found is null
            ? new ReadResponse()
            : new ReadResponse { Id = found.Id, Properties = ToStruct(found.Outputs), Inputs = ToStruct(found.Inputs) };
    });

    private Task<UpdateResponse> UpdateAsync(UpdateRequest request)
    {
        var news = PropertyCodec.FromStruct(request.News);
        return RunAsync(news, async () =>
        {
            var handler = Handler(request.Urn, request.Type);
            var context = Context(request.Urn, request.Timeout);
            var oldOutputs = PropertyCodec.FromStruct(request.Olds);
            var oldInputs = OldInputs(handler, request.OldInputs, oldOutputs);
            var outputs = request.Preview
                ? handler.PlanUpdate(context, request.Id, oldInputs, oldOutputs, news)
                : (await handler.UpdateAsync(context, request.Id, oldInputs, oldOutputs, news, Cancelled)).Outputs;
            return new UpdateResponse { Properties = ToStruct(outputs) };
        });
    }

    private Task<Empty> DeleteAsync(DeleteRequest request) => RunAsync(null, async () =>
    {
        var handler = Handler(request.Urn, request.Type);
        var outputs = PropertyCodec.FromStruct(request.Properties);
        await handler.DeleteAsync(
            Context(request.Urn, request.Timeout), request.Id, OldInputs(handler, request.OldInputs, outputs), outputs, Cancelled);
        return new Empty();
    });

    private async Task<Empty> CancelAsync()
    {
        await _cancelled.CancelAsync();
        return new Empty();
    }

    private static async Task<TResponse> RunAsync<TResponse>(PropertyMap? inputs, Func<Task<TResponse>> operation)
    {
        try
        {
            return await operation();
        }
        catch (Exception failure)
        {
            throw FailureTranslation.Translate(failure, inputs);
        }
    }

    private IResourceHandler Handler(string urn, string type)
    {
        // An engine older than the `type` field says it in the URN alone.
        var token = type.Length > 0 ? type : urn.Split("::").ElementAtOrDefault(2)?.Split('$')[^1] ?? "";
        return _handlers.TryGetValue(token, out var handler)
            ? handler
            : throw new GrpcStatusException(
                GrpcStatusCode.InvalidArgument,
                $"JEJU0201: There is no resource type '{token}'. Use one of {string.Join(", ", _handlers.Keys.Order(StringComparer.Ordinal))}.");
    }

    private ResourceContext Context(string urn, double timeoutSeconds) =>
        new(urn, timeoutSeconds > 0 ? TimeSpan.FromSeconds(timeoutSeconds) : null, log.For(urn));

    /// <summary>The old inputs; an engine that does not send them has them among the outputs.</summary>
    private static PropertyMap OldInputs(IResourceHandler handler, Struct? oldInputs, PropertyMap oldOutputs) => oldInputs is { Fields.Count: > 0 }
        ? PropertyCodec.FromStruct(oldInputs)
        : PropertyMap.From(oldOutputs.Where(pair => handler.Inputs.ByName.ContainsKey(pair.Key)));

    private static Struct ToStruct(PropertyMap map) => PropertyCodec.ToStruct(map, PropertyEncoding.WithoutOutputs);
}
