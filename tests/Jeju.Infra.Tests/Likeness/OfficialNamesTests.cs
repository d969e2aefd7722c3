using System.IO.Compression;
using System.Text.RegularExpressions;
using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>
/// The generated packages have the types that the program uses, the official ones have all: a short name must mean one type there, too.
/// </summary>
public sealed partial class OfficialNamesTests
{
    [SharedReferenceFact]
    public void A_short_name_means_one_type_of_the_official_packages()
    {
        ILookup<string, string> namespacesOf = new[] { "Pulumi", "Pulumi.Automation", "Pulumi.Aws", "Pulumi.Gcp", "Pulumi.Kubernetes" }.SelectMany(TypesOf).ToLookup(type => type.Name, type => type.Namespace, StringComparer.Ordinal);
        var sources = new[] { "components", "stacks", "scripts" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Checkout.Layout.Root, folder), "*.cs", SearchOption.AllDirectories)).Select(file => (Path: file, Text: File.ReadAllText(file))).ToArray();
        // What the program itself declares is nearer than what a file imports.
        var own = sources.SelectMany(source => Declaration().Matches(source.Text).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        var checkedNames = 0;
        var ambiguous = new List<string>();
        foreach (var (path, text) in sources)
        {
            var imported = Import().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
            var aliases = AliasName().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
            foreach (var name in ShortName().Matches(CommentOrText().Replace(text, string.Empty)).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Where(name => !own.Contains(name) && !aliases.Contains(name)))
            {
                string[] candidates = [.. namespacesOf[name].Where(imported.Contains)];
                checkedNames += candidates.Length;
                if (candidates.Length > 1)
                {
                    ambiguous.Add($"{Path.GetRelativePath(Checkout.Layout.Root, path)}: {name} is in {string.Join(" and in ", candidates)}");
                }
            }
        }

        Assert.True(checkedNames > 100, $"{checkedNames} names");
        Assert.True(ambiguous.Count == 0, string.Join('\n', ambiguous));
    }

    private static IEnumerable<(string Namespace, string Name)> TypesOf(string assembly)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedReference.PathOf("api", $"{assembly}.api.txt.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                yield return (type.Groups[1].Value, type.Groups[2].Value);
            }
        }
    }

    [GeneratedRegex(@"^([\w.]+)\.(\w+) : (?:(?:sealed|abstract|static) )?(?:class|struct|enum|interface)\b")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^using (\w+) =", RegexOptions.Multiline)]
    private static partial Regex AliasName();

    [GeneratedRegex(@"\b(?:class|record|struct|enum|interface) (\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"//.*|""(?:\\.|[^""\\\n])*""")]
    private static partial Regex CommentOrText();

    /// <summary>A name that begins an expression or a type, but none that is assigned.</summary>
    [GeneratedRegex(@"(?<![.\w])([A-Z]\w*)\b(?!\s*(?:=(?!=)|:))")]
    private static partial Regex ShortName();
}
