using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Display;

/// <summary>How one property differs.</summary>
public enum DifferenceKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>It has another value.</summary>
    Changed,
}

/// <summary>One property that differs between two versions of a resource.</summary>
/// <param name="Path">The path, such as <c>spec.ports[0].name</c>.</param>
/// <param name="Kind">How it differs.</param>
/// <param name="Old">The old value; null where it is added.</param>
/// <param name="New">The new value; null where it is deleted.</param>
/// <param name="ForcesReplacement">Whether the resource has to be replaced because of it.</param>
public sealed record PropertyDifference(string Path, DifferenceKind Kind, PropertyValue? Old, PropertyValue? New, bool ForcesReplacement = false);
