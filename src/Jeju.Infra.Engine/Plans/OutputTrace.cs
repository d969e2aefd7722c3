using System.Text.RegularExpressions;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Plans;

/// <summary>Where a value that no preview knows comes from.</summary>
/// <param name="Urn">The resource.</param>
/// <param name="Property">Its output; null where only the resource is known.</param>
public sealed record OutputSource(string Urn, string? Property);

/// <summary>
/// How a traced preview tells where unknown values come from. The wire has one mark for everything unknown, and says of it only which resources
/// it depends on. So a second preview answers the text outputs of planned resources with placeholders that name them, and gives every other
/// unknown output a dependency that names it: what arrives in the inputs of another resource says which output it is.
/// </summary>
internal static partial class OutputTrace
{
    private const string Separator = "#!";

    /// <summary>The text that stands for an output.</summary>
    public static string Placeholder(string urn, string property) => $"[[{urn}{Separator}{property}]]";

    /// <summary>The dependency that stands for an output.</summary>
    public static string Mark(string urn, string property) => $"{urn}{Separator}{property}";

    /// <summary>The resource and the output of a dependency; no output where it is an ordinary one.</summary>
    public static OutputSource Read(string dependency) => dependency.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var at
        ? new OutputSource(dependency[..at], dependency[(at + Separator.Length)..])
        : new OutputSource(dependency, Property: null);

    /// <summary>All outputs that a text was made of.</summary>
    public static IReadOnlyList<OutputSource> Sources(string text) =>
        text.Contains(Separator, StringComparison.Ordinal) ? [.. AnyPlaceholder().Matches(text).Select(match => Read(match.Groups[1].Value)).Distinct()] : [];

    /// <summary>Whether a text is nothing but one output.</summary>
    public static bool IsPlaceholder(string text) => AnyPlaceholder().Match(text) is { Success: true } match && match.Length == text.Length;

    /// <summary>What the program is answered: the known outputs, and a trace for each of the others.</summary>
    /// <param name="state">The planned resource.</param>
    /// <param name="outputs">The outputs that its type has, each with whether it is a text; empty where nobody knows them.</param>
    /// <returns>The id, the outputs, and per unknown output the dependency that names it.</returns>
    public static (string Id, PropertyMap Outputs, IReadOnlyDictionary<string, string> Marks) Answer(
        ResourceState state, IReadOnlyDictionary<string, bool> outputs)
    {
        var answer = new Dictionary<string, PropertyValue>(StringComparer.Ordinal);
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in state.Outputs)
        {
            // What an input says with a placeholder, the preview itself does not know.
            if (!value.ContainsUnknowns && !value.HasPart(part => part is PropertyString text && text.Value.Contains(Separator, StringComparison.Ordinal)))
            {
                answer[name] = value;
            }
        }

        foreach (var name in outputs.Keys.Union(state.Outputs.Keys, StringComparer.Ordinal).Where(name => !answer.ContainsKey(name)))
        {
            if (outputs.GetValueOrDefault(name))
            {
                answer[name] = Placeholder(state.Urn, name);
            }
            else
            {
                answer[name] = PropertyValue.Unknown;
                marks[name] = Mark(state.Urn, name);
            }
        }

        return (state.Id.Length == 0 && outputs.Count > 0 ? Placeholder(state.Urn, "id") : state.Id, PropertyMap.From(answer), marks);
    }

    [GeneratedRegex(@"\[\[(urn:pulumi:.+?#!\w+)\]\]", RegexOptions.CultureInvariant)]
    private static partial Regex AnyPlaceholder();
}
