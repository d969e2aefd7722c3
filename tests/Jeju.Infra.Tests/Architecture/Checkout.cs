using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Architecture;

/// <summary>The sources that these tests were built from.</summary>
internal static class Checkout
{
    /// <summary>The checkout that holds this test assembly.</summary>
    public static RepositoryLayout Layout { get; } = RepositoryLayout.Find(AppContext.BaseDirectory);

    private static readonly string[] SourceRoots = ["src", "components", "stacks", "scripts", "tests", "bench"];

    /// <summary>Every C# source written by hand, relative to the root.</summary>
    public static IEnumerable<string> Sources() =>
        SourceRoots
            .Select(root => Path.Combine(Layout.Root, root))
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Layout.Root, file))
            .Where(file => !file.EndsWith(".g.cs", StringComparison.Ordinal)
                && !file.Split(Path.DirectorySeparatorChar).Any(part => part is "Generated" or "obj" or "bin"));

    /// <summary>Reads a file of the checkout.</summary>
    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Layout.Root, relativePath));
}
