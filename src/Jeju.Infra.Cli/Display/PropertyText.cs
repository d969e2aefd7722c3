using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Cli.Display;

/// <summary>Writes property values for people and for programs. A secret shows itself only where it is asked for.</summary>
internal static class PropertyText
{
    public const string Secret = "[secret]";
    public const string Unknown = "(known after up)";

    /// <summary>A value in one line.</summary>
    public static string InOneLine(PropertyValue? value) => value switch
    {
        null => "(none)",
        PropertyUnknown => Unknown,
        PropertySecret => Secret,
        PropertyString text => $"\"{text.Value}\"",
        _ => ToJson(value, showSecrets: false)?.ToJsonString(Compact) ?? "null",
    };

    /// <summary>A value as JSON.</summary>
    public static JsonNode? ToJson(PropertyValue value, bool showSecrets) => value switch
    {
        PropertyNull => null,
        PropertyUnknown => JsonValue.Create(Unknown),
        PropertyBoolean boolean => JsonValue.Create(boolean.Value),
        // A whole number stays one: 8545 and not 8545.0.
        PropertyNumber { Value: var number } => number == Math.Truncate(number) && Math.Abs(number) < 1e15
            ? JsonValue.Create((long)number)
            : JsonValue.Create(number),
        PropertyString text => JsonValue.Create(text.Value),
        PropertySecret secret => showSecrets ? ToJson(secret.Value, showSecrets) : JsonValue.Create(Secret),
        PropertyOutput output => ToJson(output.Lower(), showSecrets),
        PropertyList list => new JsonArray([.. list.Select(element => ToJson(element, showSecrets))]),
        PropertyMap map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value, showSecrets)))),
        PropertyResourceReference reference => JsonValue.Create(reference.Urn),
        _ => JsonValue.Create(value.ToString()),
    };

    /// <summary>A value as plain text for a shell: a string without quotes, everything else as JSON.</summary>
    public static string ToPlainText(PropertyValue value, bool showSecrets) => ToJson(value, showSecrets) switch
    {
        null => string.Empty,
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        JsonNode node => node.ToJsonString(Compact),
    };

    /// <summary>A named value as lines for people: the parts of a map one below the other.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="showSecrets">Whether secrets show themselves.</param>
    /// <param name="mostParts">A map of more parts is only counted.</param>
    public static IEnumerable<string> ToLines(string name, PropertyValue value, bool showSecrets, int mostParts = int.MaxValue) => value switch
    {
        PropertyOutput output => ToLines(name, output.Lower(), showSecrets, mostParts),
        PropertySecret secret when showSecrets => ToLines(name, secret.Value, showSecrets, mostParts),
        PropertyMap map when map.Count > mostParts => [$"{name}: {map.Count} entries"],
        PropertyMap { Count: > 0 } map => [$"{name}:", .. map.SelectMany(part => ToLines(part.Key, part.Value, showSecrets, mostParts)).Select(line => $"  {line}")],
        _ => [$"{name}: {ToPlainText(value, showSecrets)}"],
    };

    /// <summary>Whether a value has a secret anywhere in it.</summary>
    public static bool HasSecret(PropertyValue value) => value switch
    {
        PropertySecret => true,
        PropertyOutput output => HasSecret(output.Lower()),
        PropertyMap map => map.Any(part => HasSecret(part.Value)),
        PropertyList list => list.Any(HasSecret),
        _ => false,
    };

    private static JsonSerializerOptions Compact { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Seconds as people read them.</summary>
    public static string Seconds(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F1} s");
}
