using Jeju.Infra.Core;

namespace Jeju.Infra.Policy;

/// <summary>What a rule has against one resource.</summary>
/// <param name="Code">The rule's stable code, JEJU0901 and up.</param>
/// <param name="Urn">The resource; the stack's own URN where the whole plan is meant.</param>
/// <param name="Reason">What is wrong, with the property and its value; never a secret.</param>
/// <param name="Remedy">How to write it instead.</param>
/// <param name="IsWarning">Whether it is only worth a look, and refuses nothing.</param>
public sealed record PolicyFinding(ErrorCode Code, string Urn, string Reason, string Remedy, bool IsWarning = false)
{
    /// <summary>The resource's name, the last part of its URN.</summary>
    public string Name => Engine.State.Urn.Name(Urn);

    /// <summary>The resource's type.</summary>
    public string Type => Engine.State.Urn.Type(Urn);
}

/// <summary>A finding that the stack's settings allow, with the reason that they give.</summary>
/// <param name="Finding">What the rule has found.</param>
/// <param name="Justification">Why it may stay.</param>
/// <param name="Expires">Until when, the day included; null where there is no end.</param>
public sealed record ExceptedFinding(PolicyFinding Finding, string Justification, DateOnly? Expires);
