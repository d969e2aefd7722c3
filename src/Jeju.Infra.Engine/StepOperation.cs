using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.State;

namespace Jeju.Infra.Engine;

/// <summary>What is done to a resource.</summary>
public enum StepOperation
{
    /// <summary>Nothing: it is as it shall be.</summary>
    Same,

    /// <summary>It is created.</summary>
    Create,

    /// <summary>It is changed in place.</summary>
    Update,

    /// <summary>It is replaced by a new one; the old one is deleted before, or at the end of the run.</summary>
    Replace,

    /// <summary>The old one of a replacement is deleted.</summary>
    DeleteReplaced,

    /// <summary>It is deleted.</summary>
    Delete,

    /// <summary>It is read, not managed.</summary>
    Read,

    /// <summary>The state is compared with what is there.</summary>
    Refresh,

    /// <summary>It is taken under management as it is.</summary>
    Import,

    /// <summary>It leaves the state, and stays where it is.</summary>
    Discard,
}

/// <summary>One step of a run.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Urn">To which resource.</param>
/// <param name="Old">The state before; null where there is none.</param>
/// <param name="New">The state after, with unknowns in a preview; null where there is none.</param>
/// <param name="Differences">What differs between the two.</param>
public sealed record ResourceStep(
    StepOperation Operation, string Urn, ResourceState? Old, ResourceState? New, IReadOnlyList<PropertyDifference> Differences)
{
    /// <summary>The resource's type.</summary>
    public string Type => (New ?? Old)?.Type ?? State.Urn.Type(Urn);

    /// <summary>The resource's name.</summary>
    public string Name => State.Urn.Name(Urn);

    /// <summary>The parent's URN; empty where there is none.</summary>
    public string Parent => (New ?? Old)?.Parent ?? "";

    /// <summary>Whether the engine made the resource for itself: a default provider, which a display leaves out.</summary>
    public bool IsInternal => (New ?? Old) is { IsProvider: true, Parent: "" };
}
