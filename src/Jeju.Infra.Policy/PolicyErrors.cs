using Jeju.Infra.Core;

namespace Jeju.Infra.Policy;

/// <summary>The errors of this room, 0900 and 0920 to 0929; the rules have 0901 to 0919.</summary>
internal static class PolicyErrors
{
    public static readonly ErrorCode Refused = new(900);

    /// <summary>An exception that is out of date or matches nothing is itself something to refuse.</summary>
    public static readonly ErrorCode ExceptionUseless = new(920);

    public static InfraException ExceptionsMalformed(string problem) => new(
        new ErrorCode(921), $"The setting policyExceptions cannot be used: {problem}.",
        "Write a list of entries with rule, resource, justification and, where it shall end, expires (2027-01-31).", FailureKind.Usage);

    public static InfraException PricesMalformed(string problem) => new(
        new ErrorCode(922), $"The price list cannot be used: {problem}.", "Correct src/Jeju.Infra.Policy/Prices/prices.yaml.");
}
