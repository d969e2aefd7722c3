using System.Text.Json;

namespace Jeju.Infra.Chain.Codegen;

/// <summary>One value in an ABI: its type as the compiler and as the source name it.</summary>
internal sealed record AbiValue(string Name, string Type, string InternalType, bool Indexed, IReadOnlyList<AbiValue> Components)
{
    /// <summary>The type with its tuples spelled out, as signatures have it.</summary>
    internal string Canonical => Type.StartsWith("tuple", StringComparison.Ordinal)
        ? $"({string.Join(',', Components.Select(component => component.Canonical))}){Type["tuple".Length..]}"
        : Type;

    /// <summary>The type without its last array brackets, and whether there were any.</summary>
    internal AbiValue? Element()
    {
        if (!Type.EndsWith(']'))
        {
            return null;
        }

        return this with { Type = Type[..Type.LastIndexOf('[')], InternalType = InternalType[..InternalType.LastIndexOf('[')] };
    }

    internal static IReadOnlyList<AbiValue> List(JsonElement item, string property) => item.TryGetProperty(property, out JsonElement values)
        ? [.. values.EnumerateArray().Select(value => new AbiValue(
            value.GetProperty("name").GetString() ?? string.Empty,
            value.Text("type"),
            value.TryGetProperty("internalType", out JsonElement internalType) ? internalType.GetString() ?? string.Empty : value.Text("type"),
            value.TryGetProperty("indexed", out JsonElement indexed) && indexed.GetBoolean(),
            List(value, "components")))]
        : [];
}

/// <summary>A function, event or error.</summary>
internal sealed record AbiItem(
    string Kind, string Name, IReadOnlyList<AbiValue> Inputs, IReadOnlyList<AbiValue> Outputs, string Mutability, string Notice)
{
    internal string Signature => $"{Name}({string.Join(',', Inputs.Select(input => input.Canonical))})";

    internal bool IsView => Mutability is "view" or "pure";
}

/// <summary>A contract's ABI with its documentation.</summary>
internal sealed record AbiContract(string Name, string Notice, IReadOnlyList<AbiItem> Items)
{
    internal static AbiContract Read(string name, JsonElement artifact)
    {
        JsonElement user = artifact.GetProperty("metadata").GetProperty("output").GetProperty("userdoc");
        List<AbiItem> items = [];
        foreach (JsonElement item in artifact.GetProperty("abi").EnumerateArray())
        {
            string kind = item.Text("type");
            if (kind is "function" or "event" or "error")
            {
                AbiItem parsed = new(
                    kind,
                    item.Text("name"),
                    AbiValue.List(item, "inputs"),
                    AbiValue.List(item, "outputs"),
                    item.TryGetProperty("stateMutability", out JsonElement mutability) ? mutability.GetString() ?? string.Empty : string.Empty,
                    string.Empty);
                items.Add(parsed with { Notice = NoticeOf(user, parsed) });
            }
        }

        return new AbiContract(
            name, user.TryGetProperty("notice", out JsonElement notice) ? notice.GetString() ?? string.Empty : string.Empty, Sort(items));
    }

    /// <summary>This ABI with what another one has more; the documentation comes from where there is some.</summary>
    internal AbiContract Join(AbiContract other)
    {
        Dictionary<(string, string), AbiItem> items = Items.ToDictionary(item => (item.Kind, item.Signature));
        foreach (AbiItem item in other.Items)
        {
            items[(item.Kind, item.Signature)] = items.TryGetValue((item.Kind, item.Signature), out AbiItem? own) && own.Notice.Length > 0 ? own : item;
        }

        return this with { Notice = Notice.Length > 0 ? Notice : other.Notice, Items = Sort(items.Values) };
    }

    // The compiler's order follows the sources; ours must not change with them.
    private static IReadOnlyList<AbiItem> Sort(IEnumerable<AbiItem> items) =>
        [.. items.OrderBy(item => item.Kind, StringComparer.Ordinal).ThenBy(item => item.Signature, StringComparer.Ordinal)];

    private static string NoticeOf(JsonElement user, AbiItem item)
    {
        string section = item.Kind switch { "function" => "methods", "event" => "events", _ => "errors" };
        if (!user.TryGetProperty(section, out JsonElement entries) || !entries.TryGetProperty(item.Signature, out JsonElement entry))
        {
            return string.Empty;
        }

        // Errors may be documented at several places and come as a list.
        JsonElement first = entry.ValueKind is JsonValueKind.Array ? entry.EnumerateArray().First() : entry;
        return first.TryGetProperty("notice", out JsonElement notice) ? notice.GetString() ?? string.Empty : string.Empty;
    }
}
