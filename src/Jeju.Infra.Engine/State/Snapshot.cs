namespace Jeju.Infra.Engine.State;

/// <summary>The state of a stack at one moment.</summary>
/// <param name="Resources">All resources; what one depends on comes before it.</param>
/// <param name="PendingOperations">Operations that were begun and not recorded as ended.</param>
public sealed record Snapshot(IReadOnlyList<ResourceState> Resources, IReadOnlyList<PendingOperation> PendingOperations)
{
    /// <summary>The state of a stack that was never deployed.</summary>
    public static Snapshot Empty { get; } = new([], []);

    /// <summary>The root resource, or null before the first deployment.</summary>
    public ResourceState? Root => Resources.FirstOrDefault(resource => resource.IsRoot && !resource.Delete);
}

/// <summary>An operation that was begun. One that is found in the state of a new run was interrupted.</summary>
/// <param name="Resource">The resource, with the inputs that were sent.</param>
/// <param name="Kind">What was begun.</param>
public sealed record PendingOperation(ResourceState Resource, PendingOperationKind Kind);

/// <summary>What was begun.</summary>
public enum PendingOperationKind
{
    /// <summary>A create: the resource may exist though its id is not known.</summary>
    Creating,

    /// <summary>An update.</summary>
    Updating,

    /// <summary>A delete.</summary>
    Deleting,

    /// <summary>A read.</summary>
    Reading,

    /// <summary>An import.</summary>
    Importing,
}
