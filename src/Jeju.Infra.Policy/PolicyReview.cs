using Jeju.Infra.Core;
using Jeju.Infra.Policy.Prices;
using Jeju.Infra.Policy.Rules;

namespace Jeju.Infra.Policy;

/// <summary>What the rules have to say about a plan.</summary>
public sealed record PolicyVerdict
{
    /// <summary>What refuses the plan.</summary>
    public required IReadOnlyList<PolicyFinding> Refusals { get; init; }

    /// <summary>What is worth a look.</summary>
    public required IReadOnlyList<PolicyFinding> Warnings { get; init; }

    /// <summary>What the stack's settings allow.</summary>
    public required IReadOnlyList<ExceptedFinding> Exceptions { get; init; }

    /// <summary>What a month costs, by cloud; empty without one.</summary>
    public required IReadOnlyList<CostEstimate> Costs { get; init; }

    /// <summary>The error by which a refused plan ends; null where nothing refuses it.</summary>
    public InfraException? ToError(string stack) => Refusals.Count == 0 ? null : new InfraException(
        PolicyErrors.Refused,
        FormattableString.Invariant($"The policy refuses the plan of '{stack}' for {Refusals.Count} {(Refusals.Count == 1 ? "reason" : "reasons")}; nothing was changed."),
        "Follow the ways out above, or write an entry with a justification below the setting policyExceptions.",
        FailureKind.Refused);
}

/// <summary>Judges plans: all rules of the house, then the exceptions that the stack's settings make from them.</summary>
public static class PolicyReview
{
    private static readonly PolicyRule[] Rules =
    [
        new EncryptionAtRest(), new PublicExposure(), new AdministrationPorts(), new WildcardPermissions(), new StateProtection(), new GuardedReplacement(),
        new PinnedImages(), new CostTags(), new PlainSecrets(), new RealChainSafety(), new PodIsolation(), new ReadableOrigins(), new PodCapacity(),
        new MonthlyBudget(PriceList.Current), new KnownPrice(PriceList.Current),
    ];

    /// <summary>Every rule by its code, with what it demands.</summary>
    public static IReadOnlyDictionary<string, string> RuleTitles { get; } = Rules.ToDictionary(rule => rule.Code.ToString(), rule => rule.Title, StringComparer.Ordinal);

    /// <summary>Judges a plan.</summary>
    /// <param name="plan">The plan, and what it is measured by.</param>
    /// <param name="exceptions">What the stack's settings allow.</param>
    /// <param name="today">The day on which exceptions must not have ended.</param>
    public static PolicyVerdict Judge(PlanUnderReview plan, IReadOnlyList<PolicyException> exceptions, DateOnly today)
    {
        var findings = Rules.SelectMany(rule => rule.Judge(plan)).Distinct().ToList();
        var valid = exceptions.Where(exception => exception.Expires is not { } end || end >= today).ToList();
        var excepted = new List<ExceptedFinding>();
        var refusals = new List<PolicyFinding>();
        foreach (var finding in findings.Where(finding => !finding.IsWarning))
        {
            if (valid.Find(exception => exception.Covers(finding)) is { } exception)
            {
                excepted.Add(new ExceptedFinding(finding, exception.Justification, exception.Expires));
            }
            else
            {
                refusals.Add(finding);
            }
        }

        refusals.AddRange(exceptions.Where(exception => !findings.Any(exception.Covers) && !MayApplyLater(exception, plan)).Select(exception => new PolicyFinding(
            PolicyErrors.ExceptionUseless, plan.RootUrn,
            RuleTitles.ContainsKey(exception.Rule)
                ? $"The exception from {exception.Rule} for '{exception.Resource}' matches nothing."
                : $"The exception for '{exception.Resource}' names '{exception.Rule}', which is no rule.",
            RuleTitles.ContainsKey(exception.Rule)
                ? "Take it out of policyExceptions: what it allowed is gone, or has another name."
                : $"Name one of {string.Join(", ", RuleTitles.Keys)}.")));
        refusals.AddRange(exceptions.Except(valid).Where(exception => findings.Any(exception.Covers)).Select(exception => new PolicyFinding(
            PolicyErrors.ExceptionUseless, plan.RootUrn,
            FormattableString.Invariant($"The exception from {exception.Rule} for '{exception.Resource}' ended on {exception.Expires:yyyy-MM-dd}."),
            "Mend what it allowed, or justify it anew with a later date.")));
        return new PolicyVerdict
        {
            Refusals = [.. refusals.OrderBy(finding => finding.Code.Number).ThenBy(finding => finding.Urn, StringComparer.Ordinal)],
            Warnings = [.. findings.Where(finding => finding.IsWarning).OrderBy(finding => finding.Code.Number).ThenBy(finding => finding.Urn, StringComparer.Ordinal)],
            Exceptions = excepted,
            Costs = MonthlyBudget.Estimate(plan, PriceList.Current),
        };
    }

    /// <summary>An exception from a rule about changes waits for the change.</summary>
    private static bool MayApplyLater(PolicyException exception, PlanUnderReview plan) =>
        !plan.HasHistory && Rules.Any(rule => rule.JudgesChanges && rule.Code.ToString() == exception.Rule);
}
