namespace Jeju.Infra.Protocol.Grpc;

/// <summary>The status codes of gRPC, by their numbers on the wire.</summary>
public enum GrpcStatusCode
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The caller gave up.</summary>
    Cancelled = 1,

    /// <summary>An error of no known kind; Pulumi takes the resource's state as unknown.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The time for the operation ran out.</summary>
    DeadlineExceeded = 4,

    /// <summary>The thing asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing to be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or a limit is reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state that the operation needs.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation lost against a concurrent one.</summary>
    Aborted = 10,

    /// <summary>The position is outside of the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The method does not exist here.</summary>
    Unimplemented = 12,

    /// <summary>A broken invariant; Pulumi takes the resource's state as unknown.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached now; the call may be repeated.</summary>
    Unavailable = 14,

    /// <summary>Data is lost for good.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
