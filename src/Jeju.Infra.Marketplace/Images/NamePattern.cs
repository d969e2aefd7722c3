using System.IO.Enumeration;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>Patterns of a recipe: <c>*</c> stands for any text, everything else for itself.</summary>
internal static class NamePattern
{
    /// <summary>Whether one of the patterns matches the whole name.</summary>
    public static bool MatchesAny(IReadOnlyList<string> patterns, string name) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>Whether one of the patterns matches a path, or a folder above it.</summary>
    public static bool CoversAny(IReadOnlyList<string> patterns, string path) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false)
            || FileSystemName.MatchesSimpleExpression(pattern + "/*", path, ignoreCase: false));
}
