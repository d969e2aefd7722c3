namespace Jeju.Infra.Core.Docker;

/// <summary>The daemon's own words for a refusal: the cause inside the <see cref="InfraException"/> that callers see.</summary>
public sealed class DockerRefusalException : Exception
{
    /// <summary>Makes the cause.</summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="reason">The daemon's message.</param>
    public DockerRefusalException(int status, string reason)
        : base(reason) => Status = status;

    /// <summary>The HTTP status, 400 to 599; 409 is a conflict, for example a name in use.</summary>
    public int Status { get; }
}
