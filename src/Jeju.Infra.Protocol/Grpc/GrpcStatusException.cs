using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jeju.Infra.Protocol.Grpc;

/// <summary>A call that ended with another status than OK: thrown by a handler to answer with it, and by the client that got it.</summary>
public sealed class GrpcStatusException : Exception
{
    /// <summary>Makes the exception for a status.</summary>
    /// <param name="statusCode">The status, not OK.</param>
    /// <param name="message">What went wrong; may be empty, since some peers send no text.</param>
    /// <param name="details">Messages that travel in grpc-status-details-bin.</param>
    /// <param name="innerException">What caused it on this side.</param>
    public GrpcStatusException(GrpcStatusCode statusCode, string message, IReadOnlyList<IMessage>? details = null, Exception? innerException = null)
        : this(statusCode, message, (details ?? []).Select(detail => Any.Pack(detail)).ToArray(), innerException)
    {
    }

    internal GrpcStatusException(GrpcStatusCode statusCode, string message, Any[] details, Exception? innerException)
        : base(message.Length == 0 ? $"The call ended with gRPC status {(int)statusCode} ({statusCode})." : message, innerException)
    {
        StatusCode = statusCode;
        Details = details;
    }

    /// <summary>The status that the call ended with.</summary>
    public GrpcStatusCode StatusCode { get; }

    /// <summary>The status details, packed.</summary>
    public IReadOnlyList<Any> Details { get; }

    /// <summary>The first detail of a type, or null where there is none.</summary>
    public TMessage? FindDetail<TMessage>()
        where TMessage : class, IMessage<TMessage>, new()
    {
        var parser = new MessageParser<TMessage>(() => new TMessage());
        var descriptor = new TMessage().Descriptor;
        var detail = Details.FirstOrDefault(candidate => candidate.Is(descriptor));
        return detail is null ? null : GrpcFraming.Parse(parser, detail.Value.Memory);
    }
}
