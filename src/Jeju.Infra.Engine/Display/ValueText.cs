using System.Globalization;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Display;

/// <summary>Writes property values for people.</summary>
internal static class ValueText
{
    /// <summary>Longer texts are cut: a person looks at what differs, not at a whole file.</summary>
    private const int LongestText = 100;

    /// <summary>A value on one line.</summary>
    public static string Inline(PropertyValue? value) => value switch
    {
        null or PropertyNull => "null",
        PropertyUnknown or PropertyOutput { Value: null } => "(known after up)",
        PropertySecret or PropertyOutput { IsSecret: true } => "[secret]",
        PropertyOutput output => Inline(output.Value),
        PropertyBoolean boolean => boolean.Value ? "true" : "false",
        PropertyNumber number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        PropertyString text => Quote(text.Value),
        PropertyList list => list.Count == 0 ? "[]" : $"[{string.Join(", ", list.Select(Inline))}]",
        PropertyMap map => Marker(map) ?? (map.Count == 0 ? "{}" : $"{{{string.Join(", ", map.Select(entry => $"{entry.Key}: {Inline(entry.Value)}"))}}}"),
        PropertyAsset asset => $"asset({asset.Path ?? asset.Uri ?? (asset.Text is null ? asset.Hash : Quote(asset.Text))})",
        PropertyArchive archive => $"archive({archive.Path ?? archive.Uri ?? string.Create(CultureInfo.InvariantCulture, $"{archive.Assets.Count} entries")})",
        PropertyResourceReference reference => reference.Urn,
        _ => value.ToString(),
    };

    /// <summary>Whether a value is better written over several lines.</summary>
    public static bool IsBlock(PropertyValue? value) => value switch
    {
        PropertyMap map => map.Count > 0 && Marker(map) is null && Inline(map).Length > 60,
        PropertyList list => list.Count > 0 && Inline(list).Length > 60,
        _ => false,
    };

    /// <summary>Whether a map stands for a secret or an unknown.</summary>
    public static bool IsMarker(PropertyMap map) => Marker(map) is not null;

    /// <summary>A plan that was read back has secrets and unknowns as objects.</summary>
    private static string? Marker(PropertyMap map) => map.Count != 1 ? null
        : map.ContainsKey("$secret") ? "[secret]"
        : map.ContainsKey("$unknown") ? "(known after up)"
        : null;

    private static string Quote(string text)
    {
        var line = text.ReplaceLineEndings("\\n");
        return line.Length > LongestText
            ? string.Create(CultureInfo.InvariantCulture, $"\"{line.AsSpan(0, LongestText)}...\" ({text.Length} characters)")
            : $"\"{line}\"";
    }
}
