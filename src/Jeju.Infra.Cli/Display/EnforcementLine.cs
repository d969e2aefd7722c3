using Jeju.Infra.Chain;
using Jeju.Infra.Marketplace.Enforcement;

namespace Jeju.Infra.Cli.Display;

/// <summary>What is done about a failure of a node, on one line: what, the node, its operator, the failure, and the amount.</summary>
internal static class EnforcementLine
{
    /// <summary>The line.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isDone">Whether it is done, or only due.</param>
    public static string Of(EnforcedStep step, bool isDone)
    {
        string line = $"{WordOf(step, isDone)}  node {step.NodeId}  operator {step.Operator.ToChecksumText()}  {step.Failure}";
        string detail = DetailOf(step, isDone);
        return detail.Length == 0 ? line : $"{line}  {detail}";
    }

    /// <summary>What is done, in one word, or is to be.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isDone">Whether it is done, or only due.</param>
    public static string WordOf(EnforcedStep step, bool isDone) => step.Act switch
    {
        EnforcementAct.End => isDone ? "ended" : "to end",
        EnforcementAct.Record => isDone ? "recorded" : "to record",
        EnforcementAct.Propose when step.IsForgiven => "forgiven",
        EnforcementAct.Propose => isDone ? "proposed" : "to propose",
        EnforcementAct.Execute => isDone ? "slashed" : "to slash",
        _ => isDone ? "released" : "to release",
    };

    private static string DetailOf(EnforcedStep step, bool isDone) => (step.Act, step.Amount, step.Harmed) switch
    {
        _ when step.IsForgiven => "the operator is new",
        (EnforcementAct.End, null, { } consumer) => $"refund to {consumer.ToChecksumText()}",
        (EnforcementAct.End, { } refund, { } consumer) => $"{refund} refunded to {consumer.ToChecksumText()}",
        (EnforcementAct.Record, { } price, { } consumer) => $"{price} of service that {consumer.ToChecksumText()} did not get",
        (EnforcementAct.Propose or EnforcementAct.Execute, { } stake, { } consumer) when step.Compensation is { } compensation =>
            $"{stake}, {(isDone && step.Act is EnforcementAct.Execute ? "" : "at most ")}{compensation} of it to {consumer.ToChecksumText()}",
        (_, { } amount, _) => amount.ToString(),
        _ => "",
    };
}
