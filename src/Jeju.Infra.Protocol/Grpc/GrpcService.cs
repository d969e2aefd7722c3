using Google.Protobuf;

namespace Jeju.Infra.Protocol.Grpc;

/// <summary>The methods that a server answers. Everything else gets the status Unimplemented, which Pulumi's peers expect.</summary>
public sealed class GrpcService
{
    private readonly Dictionary<string, Func<ReadOnlyMemory<byte>, CancellationToken, Task<IMessage>>> _handlers = new(StringComparer.Ordinal);

    /// <summary>Adds a method.</summary>
    /// <param name="method">The method answered.</param>
    /// <param name="handler">
    /// Answers it. The token is cancelled when the caller goes away: an operation that must run to its end and be recorded does not pass it on.
    /// </param>
    public GrpcService Map<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, CancellationToken, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        _handlers.Add(method.Path, async (payload, callerGone) =>
            await handler(GrpcFraming.Parse(method.RequestParser, payload), callerGone).ConfigureAwait(false));
        return this;
    }

    internal Task<IMessage> InvokeAsync(string path, ReadOnlyMemory<byte> payload, CancellationToken callerGone) =>
        _handlers.TryGetValue(path, out var handler)
            ? handler(payload, callerGone)
            : throw new GrpcStatusException(GrpcStatusCode.Unimplemented, $"{path} is not implemented.");
}
