using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Pulumirpc;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>
/// An engine that answers what a real run of the official SDK was answered, and keeps what it was asked.
/// </summary>
internal sealed class ReplayMonitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Rpc, IMessage Request)> received = new();
    private readonly ILookup<string, Recorded> recorded;
    private readonly GrpcServer server;

    public ReplayMonitor(string file)
    {
        Recording = [.. File.ReadLines(file).Select(Recorded.Parse)];
        recorded = Recording.ToLookup(entry => KeyOf(entry.Request), StringComparer.Ordinal);
        server = new(new GrpcService()
            .Map(PulumiMethods.ResourceMonitor.SupportsFeature, AnswerAsync<SupportsFeatureRequest, SupportsFeatureResponse>)
            .Map(PulumiMethods.ResourceMonitor.RegisterResource, RegisterAsync)
            .Map(PulumiMethods.ResourceMonitor.RegisterResourceOutputs, AnswerAsync<RegisterResourceOutputsRequest, Empty>)
            .Map(PulumiMethods.ResourceMonitor.ReadResource, AnswerAsync<ReadResourceRequest, ReadResourceResponse>)
            .Map(PulumiMethods.ResourceMonitor.Invoke, AnswerAsync<ResourceInvokeRequest, InvokeResponse>)
            .Map(PulumiMethods.ResourceMonitor.SignalAndWaitForShutdown, AnswerAsync<Empty, Empty>)
            .Map(PulumiMethods.Engine.Log, LogAsync));
    }

    public string Address => server.Address;

    public IReadOnlyList<Recorded> Recording { get; }

    public IReadOnlyCollection<(string Rpc, IMessage Request)> Received => received;

    public ConcurrentQueue<string> Errors { get; } = new();

    public Task StartAsync() => server.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task<TResponse> AnswerAsync<TRequest, TResponse>(TRequest request, CancellationToken callerGone)
        where TRequest : IMessage
        where TResponse : IMessage
    {
        received.Enqueue((request.Descriptor.Name, request));
        var answer = recorded[KeyOf(request)].FirstOrDefault()
            ?? throw new GrpcStatusException(GrpcStatusCode.NotFound, $"The recording has no {KeyOf(request)}.");
        return Task.FromResult((TResponse)answer.Response);
    }

    /// <summary>Lets the program's transforms run as the recording engine did, with secrets as outputs.</summary>
    private async Task<RegisterResourceResponse> RegisterAsync(RegisterResourceRequest request, CancellationToken callerGone)
    {
        foreach (var transform in request.Transforms)
        {
            using var client = new GrpcClient(transform.Target);
            var properties = WithOutputs(PropertyCodec.FromStruct(request.Object));
            var call = new TransformRequest { Type = request.Type, Name = request.Name, Custom = request.Custom, Parent = request.Parent, Properties = PropertyCodec.ToStruct((PropertyMap)properties), Options = new() };
            var answer = await client.CallAsync(PulumiMethods.Callbacks.Invoke, new() { Token = transform.Token, Request = call.ToByteString() }, callerGone);
            request.Object = TransformResponse.Parser.ParseFrom(answer.Response).Properties ?? request.Object;
        }
        return await AnswerAsync<RegisterResourceRequest, RegisterResourceResponse>(request, callerGone);
    }

    private Task<Empty> LogAsync(LogRequest request, CancellationToken callerGone)
    {
        if (request.Severity == LogSeverity.Error)
        {
            Errors.Enqueue(request.Message);
        }
        return Task.FromResult(new Empty());
    }

    private static PropertyValue WithOutputs(PropertyValue value) => value switch
    {
        PropertySecret secret => new PropertyOutput(WithOutputs(secret.Value), IsSecret: true, EquatableList<string>.Empty),
        PropertyUnknown => new PropertyOutput(null, IsSecret: false, EquatableList<string>.Empty),
        PropertyList list => PropertyList.From(list.Select(WithOutputs)),
        PropertyMap map => PropertyMap.From(map.Select(entry => KeyValuePair.Create(entry.Key, WithOutputs(entry.Value)))),
        _ => value,
    };

    private static string KeyOf(IMessage request) => request switch
    {
        RegisterResourceRequest resource => $"register {resource.Type} {resource.Name}",
        ReadResourceRequest resource => $"read {resource.Type} {resource.Name}",
        RegisterResourceOutputsRequest outputs => $"outputs {outputs.Urn}",
        ResourceInvokeRequest invoke => $"invoke {invoke.Tok}",
        SupportsFeatureRequest feature => $"feature {feature.Id}",
        _ => request.Descriptor.Name,
    };

    /// <summary>One call of the recording.</summary>
    internal sealed record Recorded(string Rpc, IMessage Request, IMessage Response)
    {
        public static Recorded Parse(string line)
        {
            var json = JsonDocument.Parse(line).RootElement;
            var rpc = json.GetProperty("rpc").GetString()!.Split('/')[^1];
            (MessageParser Request, MessageParser Response) parsers = rpc switch
            {
                "SupportsFeature" => (SupportsFeatureRequest.Parser, SupportsFeatureResponse.Parser),
                "RegisterResource" => (RegisterResourceRequest.Parser, RegisterResourceResponse.Parser),
                "RegisterResourceOutputs" => (RegisterResourceOutputsRequest.Parser, Empty.Parser),
                "ReadResource" => (ReadResourceRequest.Parser, ReadResourceResponse.Parser),
                "Invoke" => (ResourceInvokeRequest.Parser, InvokeResponse.Parser),
                "SignalAndWaitForShutdown" => (Empty.Parser, Empty.Parser),
                _ => throw new InvalidDataException($"The recording holds a call of {rpc}."),
            };
            return new(rpc, parsers.Request.ParseFrom(json.GetProperty("request").GetBytesFromBase64()), parsers.Response.ParseFrom(json.GetProperty("response").GetBytesFromBase64()));
        }
    }
}
