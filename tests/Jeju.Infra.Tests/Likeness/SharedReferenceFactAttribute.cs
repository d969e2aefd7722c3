using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>The reference data that lies beside the checkout where the project is developed, and nowhere else.</summary>
internal static class SharedReference
{
    public static string Directory { get; } = Path.GetFullPath(Path.Combine(Checkout.Layout.Root, "..", "shared", "reference"));

    public static string? SkipReason { get; } = System.IO.Directory.Exists(Directory) ? null : $"the reference data is not there ({Directory})";

    public static string PathOf(params string[] parts) => Path.Combine([Directory, .. parts]);
}

/// <summary>A test that needs the reference data; skipped with the reason where it is absent.</summary>
public sealed class SharedReferenceFactAttribute : FactAttribute
{
    public SharedReferenceFactAttribute() => Skip = SharedReference.SkipReason;
}

/// <summary>The same for a theory.</summary>
public sealed class SharedReferenceTheoryAttribute : TheoryAttribute
{
    public SharedReferenceTheoryAttribute() => Skip = SharedReference.SkipReason;
}
