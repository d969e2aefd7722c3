using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Pulumi.Testing;

/// <summary>The engine of a test: mocks answer, and what the program logs is kept.</summary>
internal sealed class MockMonitor(IMocks mocks, TestOptions options) : IMonitor
{
    private readonly Lock gate = new();
    private readonly List<string> errors = [];

    /// <summary>The errors that the program logged.</summary>
    public ImmutableArray<string> Errors
    {
        get
        {
            lock (gate)
            {
                return [.. errors];
            }
        }
    }

    public async Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => (TResponse)await AnswerAsync(request).ConfigureAwait(false);

    private async Task<IMessage> AnswerAsync(IMessage request) => request switch
    {
        SupportsFeatureRequest => new SupportsFeatureResponse { HasSupport = true },
        RegisterResourceRequest resource => await RegisterAsync(resource).ConfigureAwait(false),
        ReadResourceRequest resource => await ReadAsync(resource).ConfigureAwait(false),
        RegisterResourceOutputsRequest outputs => await RegisterOutputsAsync(outputs).ConfigureAwait(false),
        ResourceInvokeRequest invoke => new InvokeResponse { Return = await CallAsync(invoke.Tok, invoke.Args, invoke.Provider).ConfigureAwait(false) },
        ResourceCallRequest call => new CallResponse { Return = await CallAsync(call.Tok, call.Args, call.Provider).ConfigureAwait(false) },
        Pulumirpc.RegisterPackageRequest package => new RegisterPackageResponse { Ref = $"{package.Name}@{package.Version}" },
        RequirePulumiVersionRequest => new RequirePulumiVersionResponse(),
        LogRequest log => Keep(log),
        _ => new Empty(),
    };

    private Empty Keep(LogRequest log)
    {
        if (log.Severity == LogSeverity.Error)
        {
            lock (gate)
            {
                errors.Add(log.Message);
            }
        }
        return new();
    }

    private async Task<RegisterResourceResponse> RegisterAsync(RegisterResourceRequest request)
    {
        var urn = NewUrn(request.Parent, request.Type, request.Name);
        if (request.Type == Constants.StackType)
        {
            return new() { Urn = urn, Object = new() };
        }
        var (id, state) = await mocks.NewResourceAsync(new()
        {
            Type = request.Type, Name = request.Name, Inputs = ToObjects(request.Object), Provider = request.Provider, Id = request.ImportId,
        }).ConfigureAwait(false);
        return new() { Urn = urn, Id = id ?? request.ImportId, Object = await ToStructAsync(state).ConfigureAwait(false) };
    }

    private async Task<ReadResourceResponse> ReadAsync(ReadResourceRequest request)
    {
        var (_, state) = await mocks.NewResourceAsync(new()
        {
            Type = request.Type, Name = request.Name, Inputs = ToObjects(request.Properties), Provider = request.Provider, Id = request.Id,
        }).ConfigureAwait(false);
        return new() { Urn = NewUrn(request.Parent, request.Type, request.Name), Properties = await ToStructAsync(state).ConfigureAwait(false) };
    }

    private async Task<Empty> RegisterOutputsAsync(RegisterResourceOutputsRequest request)
    {
        var outputs = PropertyCodec.FromStruct(request.Outputs).ToImmutableDictionary(entry => entry.Key, entry =>
        {
            var revealed = Revealed.From(entry.Value);
            var value = revealed.IsKnown ? PropertyConverter.ToPlainObject(revealed.Value) : null;
            return new Output<object?>(Task.FromResult(new OutputData<object?>([], value, revealed.IsKnown, revealed.IsSecret)));
        });
        await mocks.RegisterResourceOutputs(new(request.Urn, outputs)).ConfigureAwait(false);
        return new();
    }

    private async Task<Struct> CallAsync(string token, Struct args, string provider) =>
        await ToStructAsync(await mocks.CallAsync(new() { Token = token, Args = ToObjects(args), Provider = provider }).ConfigureAwait(false)).ConfigureAwait(false);

    private static ImmutableDictionary<string, object> ToObjects(Struct bag) => PropertyCodec.FromStruct(bag)
        .Select(entry => (entry.Key, Value: Revealed.From(entry.Value)))
        .Where(entry => entry.Value.IsKnown)
        .ToImmutableDictionary(entry => entry.Key, entry => PropertyConverter.ToPlainObject(entry.Value.Value)!);

    private static async Task<Struct> ToStructAsync(object state) =>
        await new Serializer(keepResources: true, keepOutputs: false).SerializeAsync("the state of the mock", state).ConfigureAwait(false) is PropertyMap map
            ? PropertyCodec.ToStruct(map)
            : throw new InvalidOperationException("A mock must answer with a dictionary.");

    private string NewUrn(string parent, string type, string name)
    {
        // Of the parents' types only the outermost is named.
        var qualified = parent.Length == 0 ? type : $"{parent.Split("::")[2].Split('$')[0]}${type}";
        return $"urn:pulumi:{options.StackName}::{options.ProjectName}::{qualified}::{name}";
    }
}
