using System.Text.RegularExpressions;

namespace Jeju.Infra.Chain.Codegen;

/// <summary>The members of Solidity's enums. The ABI names an enum but not its members, so they are read from the sources.</summary>
internal static partial class EnumSource
{
    /// <summary>Members by the enum's qualified name, <c>IExternalChainProvider.OrderState</c>.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string sourceFolder)
    {
        Dictionary<string, IReadOnlyList<string>> enums = [];
        foreach (string file in Directory.EnumerateFiles(sourceFolder, "*.sol", SearchOption.AllDirectories))
        {
            string source = Comments().Replace(File.ReadAllText(file), string.Empty);
            MatchCollection owners = Owners().Matches(source);
            foreach (Match found in Enums().Matches(source))
            {
                string owner = owners.LastOrDefault(candidate => candidate.Index < found.Index)?.Groups[1].Value ?? string.Empty;
                string name = owner.Length == 0 ? found.Groups[1].Value : $"{owner}.{found.Groups[1].Value}";
                enums[name] = found.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            }
        }

        return enums;
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"^\s*(?:abstract\s+)?(?:interface|contract|library)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Owners();

    [GeneratedRegex(@"\benum\s+(\w+)\s*\{([^}]*)\}")]
    private static partial Regex Enums();
}
