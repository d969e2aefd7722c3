namespace Jeju.Infra.Core;

/// <summary>How a run that ended with an error leaves the process (design, section 8).</summary>
public enum FailureKind
{
    /// <summary>Something went wrong: exit code 1.</summary>
    Failed = 1,

    /// <summary>The request itself was wrong (an argument, a setting, a combination of them): exit code 2.</summary>
    Usage = 2,

    /// <summary>The request was understood and refused by a rule: exit code 3.</summary>
    Refused = 3,
}

/// <summary>
/// An error that a user can act on: a stable code, what happened with the field and the value, and the way out. It is caught in one place
/// per process, which prints <see cref="Exception.Message"/> and <see cref="Remedy"/> and exits with <see cref="Kind"/>. A secret is never
/// part of either text.
/// </summary>
public sealed class InfraException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="code">The stable code.</param>
    /// <param name="message">What happened: the field, the value, the rule; one or two sentences.</param>
    /// <param name="remedy">What to do about it; one or two sentences.</param>
    /// <param name="kind">How the process ends.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InfraException(
        ErrorCode code, string message, string remedy, FailureKind kind = FailureKind.Failed, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Remedy = remedy;
        Kind = kind;
    }

    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; }

    /// <summary>What the user can do.</summary>
    public string Remedy { get; }

    /// <summary>How the process ends.</summary>
    public FailureKind Kind { get; }

    /// <summary>The whole error as one line of text: code, message and remedy.</summary>
    public string ToDisplayText() => $"{Code}: {Message} {Remedy}";
}
