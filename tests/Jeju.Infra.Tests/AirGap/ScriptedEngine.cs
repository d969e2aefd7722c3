using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Pulumirpc;

namespace Jeju.Infra.Tests.AirGap;

/// <summary>An engine whose answers a test decides.</summary>
internal sealed class ScriptedEngine : IAsyncDisposable
{
    private readonly GrpcServer server;

    public ScriptedEngine(Func<RegisterResourceRequest, RegisterResourceResponse> register)
        : this(request => Task.FromResult(register(request)))
    {
    }

    public ScriptedEngine(Func<RegisterResourceRequest, Task<RegisterResourceResponse>>? register = null, bool knowsSignal = true)
    {
        var service = new GrpcService()
            .Map(PulumiMethods.ResourceMonitor.SupportsFeature, (_, _) => Task.FromResult(new SupportsFeatureResponse { HasSupport = true }))
            .Map(PulumiMethods.ResourceMonitor.RegisterResource, (request, _) => (request.Custom ? register : null)?.Invoke(request) ?? Task.FromResult(Accept(request)))
            .Map(PulumiMethods.ResourceMonitor.RegisterResourceOutputs, (request, _) => Keep(Outputs, request))
            .Map(PulumiMethods.Engine.Log, (request, _) => Keep(Logs, request));
        if (knowsSignal)
        {
            service.Map(PulumiMethods.ResourceMonitor.SignalAndWaitForShutdown, (_, _) =>
            {
                SawSignal = true;
                return Task.FromResult(new Empty());
            });
        }
        server = new(service);
    }

    public string Address => server.Address;

    public bool SawSignal { get; private set; }

    public ConcurrentQueue<RegisterResourceOutputsRequest> Outputs { get; } = new();

    public ConcurrentQueue<LogRequest> Logs { get; } = new();

    public static RegisterResourceResponse Accept(RegisterResourceRequest request) => new()
    {
        Urn = $"urn:pulumi:dev::spikeproj::{request.Type}::{request.Name}", Id = request.Custom ? $"{request.Name}-id" : string.Empty, Object = request.Object,
    };

    public Task StartAsync() => server.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static Task<Empty> Keep<T>(ConcurrentQueue<T> queue, T message)
    {
        queue.Enqueue(message);
        return Task.FromResult(new Empty());
    }
}
