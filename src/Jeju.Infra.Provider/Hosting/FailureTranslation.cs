using Google.Protobuf;
using Jeju.Infra.Core;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Protocol.Properties;
using Jeju.Infra.Provider.Framework;
using Pulumirpc;

namespace Jeju.Infra.Provider.Hosting;

/// <summary>
/// Turns failures into the status codes that the engine tells apart: Internal, Unknown and DataLoss mean that nobody knows what the resource's
/// state is now, every other code means that the operation did not happen.
/// </summary>
internal static class FailureTranslation
{
    public static GrpcStatusException Translate(Exception failure, PropertyMap? inputs = null) => failure switch
    {
        GrpcStatusException status => status,
        PartialResourceException partial => Partial(partial, inputs ?? PropertyMap.Empty),
        InfraException known => new GrpcStatusException(Code(known.Kind), known.ToDisplayText(), innerException: known),
        OperationCanceledException => new GrpcStatusException(GrpcStatusCode.Cancelled, "The operation was cancelled. Run the same command again to continue."),
        IOException disk when DiskSpace.Explain(disk, ".jeju") is { } full => new GrpcStatusException(GrpcStatusCode.Internal, full.ToDisplayText(), innerException: full),
        FormatException format => new GrpcStatusException(GrpcStatusCode.InvalidArgument, format.Message, innerException: format),
        _ => new GrpcStatusException(GrpcStatusCode.Internal, failure.ToString(), innerException: failure),
    };

    private static GrpcStatusCode Code(FailureKind kind) => kind switch
    {
        FailureKind.Usage => GrpcStatusCode.InvalidArgument,
        FailureKind.Refused => GrpcStatusCode.PermissionDenied,
        _ => GrpcStatusCode.FailedPrecondition,
    };

    private static GrpcStatusException Partial(PartialResourceException partial, PropertyMap inputs)
    {
        var reason = Translate(partial.InnerException ?? partial);
        var detail = new ErrorResourceInitFailed
        {
            Id = partial.Id,
            Properties = PropertyCodec.ToStruct(PropertyBinder.Merge(inputs, partial.Outputs), PropertyEncoding.WithoutOutputs),
            Inputs = PropertyCodec.ToStruct(inputs, PropertyEncoding.WithoutOutputs),
            Reasons = { reason.Message },
        };
        return new GrpcStatusException(GrpcStatusCode.Unknown, reason.Message, (IReadOnlyList<IMessage>)[detail], partial);
    }
}
