using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.Model;

namespace Jeju.Infra.Chain;

/// <summary>
/// A call that is written as text: a signature such as <c>setText(bytes32,string,string)</c> with its canonical types, and an argument for each.
/// Numbers are decimal, bytes hexadecimal, texts as they are; an array is a JSON list. Structs have no such form.
/// </summary>
public static partial class FunctionCall
{
    private const int LongestArray = 1000;

    /// <summary>What is wrong with a signature and its arguments; null when nothing is.</summary>
    /// <param name="signature">The function and its types.</param>
    /// <param name="arguments">One text for each type.</param>
    public static string? FindProblem(string signature, IReadOnlyList<string> arguments)
    {
        if (FindSignatureProblem(signature) is { } problem)
        {
            return problem;
        }

        IReadOnlyList<string> types = TypesOf(signature);
        return types.Count != arguments.Count
            ? $"{signature} takes {types.Count} arguments, not {arguments.Count}"
            : types.Zip(arguments).Where(pair => Read(pair.First, pair.Second) is null).Select(pair => $"'{pair.Second}' is no {pair.First}").FirstOrDefault();
    }

    /// <summary>
    /// What is wrong with a view that is to answer with what a function sets; null when nothing is. It may take the function's first arguments,
    /// and then answers with the others: <c>text(bytes32,string)</c> with what <c>setText(bytes32,string,string)</c> sets.
    /// </summary>
    /// <param name="view">The view and its types.</param>
    /// <param name="signature">The function and its types.</param>
    public static string? FindViewProblem(string view, string signature)
    {
        if (FindSignatureProblem(view) is { } problem)
        {
            return problem;
        }

        IReadOnlyList<string> keys = TypesOf(view);
        IReadOnlyList<string> types = FindSignatureProblem(signature) is null ? TypesOf(signature) : [];
        return keys.Count < types.Count && types.Take(keys.Count).SequenceEqual(keys)
            ? null
            : $"'{view}' does not take the first arguments of {signature} and leave at least one to answer with";
    }

    /// <summary>The first four bytes of a call.</summary>
    /// <param name="signature">The function and its types.</param>
    public static byte[] SelectorOf(string signature) => Keccak.Hash(signature).ToBytes()[..4];

    /// <summary>The call data of a signature and arguments without problems.</summary>
    /// <param name="signature">The function and its types.</param>
    /// <param name="arguments">One text for each type.</param>
    public static byte[] Encode(string signature, IReadOnlyList<string> arguments) => [.. SelectorOf(signature), .. EncodeValues(TypesOf(signature), arguments)];

    /// <summary>The call data of a view that takes the first arguments of a function.</summary>
    /// <param name="view">The view and its types.</param>
    /// <param name="arguments">The function's arguments.</param>
    public static byte[] EncodeView(string view, IReadOnlyList<string> arguments) => Encode(view, [.. arguments.Take(TypesOf(view).Count)]);

    /// <summary>What such a view answers when the function's arguments are in force.</summary>
    /// <param name="view">The view and its types.</param>
    /// <param name="signature">The function and its types.</param>
    /// <param name="arguments">The function's arguments.</param>
    public static byte[] EncodeAnswer(string view, string signature, IReadOnlyList<string> arguments)
    {
        int keys = TypesOf(view).Count;
        return EncodeValues([.. TypesOf(signature).Skip(keys)], [.. arguments.Skip(keys)]);
    }

    private static string? FindSignatureProblem(string signature)
    {
        if (!Signature().IsMatch(signature) || !TypesOf(signature).All(IsKnown))
        {
            return $"'{signature}' is no function whose types can be written as text: write one such as setProtocolFee(uint16) or setText(bytes32,string,string), without structs";
        }

        return null;
    }

    private static byte[] EncodeValues(IReadOnlyList<string> types, IReadOnlyList<string> arguments) => types.Count == 0
        ? []
        : new ParametersEncoder().EncodeParameters(
            [.. types.Select((type, index) => new Parameter(type, $"argument{index}", index + 1))],
            [.. types.Zip(arguments).Select(pair => Read(pair.First, pair.Second) ?? throw new FormatException(pair.Second))]);

    private static IReadOnlyList<string> TypesOf(string signature)
    {
        string inside = signature[(signature.IndexOf('(', StringComparison.Ordinal) + 1)..^1];
        return inside.Length == 0 ? [] : inside.Split(',');
    }

    /// <summary>The value of a text, as the encoder takes it; null where the text is none of the type.</summary>
    private static object? Read(string type, string text)
    {
        if (!type.EndsWith(']'))
        {
            return ReadOne(type, text);
        }

        try
        {
            using JsonDocument list = JsonDocument.Parse(text);
            return ReadList(type, list.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<object>? ReadList(string type, JsonElement list)
    {
        int open = type.LastIndexOf('[');
        string element = type[..open];
        string length = type[(open + 1)..^1];
        bool hasLength = list.ValueKind is JsonValueKind.Array
            && list.GetArrayLength() <= LongestArray
            && (length.Length == 0 || list.GetArrayLength() == int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture));
        if (!hasLength)
        {
            return null;
        }

        List<object> values = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            object? value = element.EndsWith(']') ? ReadList(element, item)
                : item.ValueKind is JsonValueKind.String ? ReadOne(element, item.GetString() ?? string.Empty)
                : element == "string" ? null
                : ReadOne(element, item.GetRawText());
            if (value is null)
            {
                return null;
            }

            values.Add(value);
        }

        return values;
    }

    private static object? ReadOne(string type, string text) => type switch
    {
        "address" => Address.TryParse(text, out Address address) ? address.ToString() : null,
        "bool" => bool.TryParse(text, out bool flag) ? flag : null,
        "string" => text,
        "bytes" => ReadBytes(text),
        _ when type.StartsWith("bytes", StringComparison.Ordinal) => ReadBytes(text) is { } bytes && bytes.Length == Number(type, "bytes") ? bytes : null,
        _ when type.StartsWith("uint", StringComparison.Ordinal) => ReadNumber(text, BigInteger.Zero, BigInteger.One << Number(type, "uint")),
        _ => ReadNumber(text, -(BigInteger.One << (Number(type, "int") - 1)), BigInteger.One << (Number(type, "int") - 1)),
    };

    private static byte[]? ReadBytes(string text) => Hexadecimal().IsMatch(text) ? Convert.FromHexString(text.AsSpan(2)) : null;

    private static object? ReadNumber(string text, BigInteger minimum, BigInteger end) =>
        BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number) && number >= minimum && number < end ? number : null;

    private static int Number(string type, string prefix) => int.Parse(type.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool IsKnown(string type)
    {
        Match parts = TypeParts().Match(type);
        return parts.Success
            && parts.Groups["length"].Captures.All(length => length.Length == 0 || int.Parse(length.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is > 0 and <= LongestArray)
            && (!parts.Groups["bits"].Success || (Number(parts.Groups["bits"].Value, "") is > 0 and <= 256 and var bits && bits % 8 == 0))
            && (!parts.Groups["size"].Success || Number(parts.Groups["size"].Value, "") is > 0 and <= 32);
    }

    [GeneratedRegex(@"^[A-Za-z_]\w*\([a-z0-9,\[\]]*\)$")]
    private static partial Regex Signature();

    [GeneratedRegex(@"^(address|bool|string|u?int(?<bits>[1-9]\d{0,2})|bytes(?<size>[1-9]\d?)?)(\[(?<length>([1-9]\d{0,3})?)\])*$")]
    private static partial Regex TypeParts();

    [GeneratedRegex("^0x([0-9a-fA-F]{2})*$")]
    private static partial Regex Hexadecimal();
}
