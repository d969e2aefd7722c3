using Google.Protobuf;
using Jeju.Infra.Protocol.Grpc;

namespace Pulumi;

/// <summary>The engine's two services as the program side uses them.</summary>
internal interface IMonitor
{
    Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;
}

/// <summary>A real engine.</summary>
internal sealed class GrpcMonitor(string address, CancellationToken cancellationToken) : IMonitor, IDisposable
{
    private readonly GrpcClient client = new(address);

    public Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => client.CallAsync(method, request, cancellationToken);

    public void Dispose() => client.Dispose();
}
