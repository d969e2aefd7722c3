using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;

namespace Jeju.Infra.Policy.Rules;

/// <summary>One rule of the house about a plan. Rules know neither each other nor the exceptions from them.</summary>
internal abstract class PolicyRule(int code, string title)
{
    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; } = new(code);

    /// <summary>What the rule demands, in a few words.</summary>
    public string Title { get; } = title;

    /// <summary>Whether the rule is about a change and not about a state, so that without a history it has nothing to say.</summary>
    public virtual bool JudgesChanges => false;

    /// <summary>What the rule has against a plan.</summary>
    public abstract IEnumerable<PolicyFinding> Judge(PlanUnderReview plan);

    /// <summary>A refusal.</summary>
    protected PolicyFinding Refuse(PlannedResource resource, string reason, string remedy) => new(Code, resource.Urn, reason, remedy);

    /// <summary>A refusal of a resource that the plan itself may not hold any more.</summary>
    protected PolicyFinding Refuse(string urn, string reason, string remedy) => new(Code, urn, reason, remedy);

    /// <summary>Something to look at.</summary>
    protected PolicyFinding Warn(PlannedResource resource, string reason, string remedy) => new(Code, resource.Urn, reason, remedy, IsWarning: true);
}
