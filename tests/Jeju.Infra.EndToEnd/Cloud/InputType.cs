using System.Text.RegularExpressions;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What kind of value an input takes.</summary>
internal enum InputKind
{
    Text,
    Truth,
    Integer,
    Number,
    List,
    Map,
    Members,
    Either,
    Asset,
    Anything,
}

/// <summary>
/// The type of an input as the schema writes it, <c>InputMap&lt;ImmutableArray&lt;string&gt;&gt;</c> for example. Enumerations of these packages take any text beside the names that
/// the package knows, and the schema does not list them: they are texts here.
/// </summary>
/// <param name="Kind">What it takes.</param>
/// <param name="Arguments">The type of an element of a list or a map, or the alternatives.</param>
/// <param name="Name">The nested type, where it has members.</param>
internal sealed partial record InputType(InputKind Kind, IReadOnlyList<InputType> Arguments, string Name)
{
    /// <summary>Reads a type.</summary>
    /// <exception cref="FormatException">Nobody has said what such a type takes.</exception>
    public static InputType Parse(string text)
    {
        text = text.TrimEnd('?');
        int open = text.IndexOf('<', StringComparison.Ordinal);
        if (open < 0)
        {
            return new InputType(Leaf(text), [], text);
        }

        InputType[] arguments = [.. Split(text[(open + 1)..^1]).Select(Parse)];
        return text[..open] switch
        {
            "Input" => arguments.Single(),
            "InputList" or "ImmutableArray" or "List" => new InputType(InputKind.List, arguments, ""),
            "InputMap" => new InputType(InputKind.Map, arguments, ""),
            "ImmutableDictionary" or "Dictionary" => new InputType(InputKind.Map, [arguments[1]], ""),
            "InputUnion" or "Union" => new InputType(InputKind.Either, arguments, ""),
            _ => throw new FormatException($"'{text}' is no type of an input."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        InputKind.Text => "a text",
        InputKind.Truth => "true or false",
        InputKind.Integer => "a whole number",
        InputKind.Number => "a number",
        InputKind.List => $"a list of {Arguments[0]}",
        InputKind.Map => $"a map of {Arguments[0]}",
        InputKind.Either => string.Join(" or ", Arguments),
        InputKind.Members => $"an object ({Name.Split('.')[^1]})",
        InputKind.Asset => "an asset",
        _ => "anything",
    };

    private static InputKind Leaf(string text) => text switch
    {
        "string" => InputKind.Text,
        "bool" => InputKind.Truth,
        "int" => InputKind.Integer,
        "double" => InputKind.Number,
        "object" or "Pulumi.InputJson" or "System.Text.Json.JsonElement" => InputKind.Anything,
        "Pulumi.Archive" or "Pulumi.AssetOrArchive" => InputKind.Asset,
        _ when Nested().IsMatch(text) => InputKind.Members,
        _ when Enumeration().IsMatch(text) => InputKind.Text,
        _ => throw new FormatException($"'{text}' is no type of an input."),
    };

    private static IEnumerable<string> Split(string text)
    {
        int depth = 0;
        int start = 0;
        for (int index = 0; index < text.Length; index++)
        {
            depth += text[index] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0 && text[index] == ',')
            {
                yield return text[start..index];
                start = index + 1;
            }
        }

        yield return text[start..];
    }

    [GeneratedRegex(@"^Pulumi\.[\w.]+Args$")]
    private static partial Regex Nested();

    [GeneratedRegex(@"^Pulumi\.(Aws|Gcp|Kubernetes)\.[\w.]+$")]
    private static partial Regex Enumeration();
}
