using Google.Protobuf;

namespace Jeju.Infra.Protocol.Grpc;

/// <summary>One unary method of a gRPC service: its path on the wire and how its two messages are parsed.</summary>
/// <typeparam name="TRequest">The message sent by the client.</typeparam>
/// <typeparam name="TResponse">The message answered by the server.</typeparam>
public sealed class GrpcMethod<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    internal GrpcMethod(string service, string name, MessageParser<TRequest> requestParser, MessageParser<TResponse> responseParser)
    {
        Path = $"/{service}/{name}";
        RequestParser = requestParser.WithDiscardUnknownFields(true);
        ResponseParser = responseParser.WithDiscardUnknownFields(true);
    }

    /// <summary>The HTTP path, such as /pulumirpc.ResourceMonitor/Invoke.</summary>
    public string Path { get; }

    internal MessageParser<TRequest> RequestParser { get; }

    internal MessageParser<TResponse> ResponseParser { get; }
}
