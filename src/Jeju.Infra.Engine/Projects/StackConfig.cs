using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Jeju.Infra.Engine.Projects;

/// <summary>One entry of a stack's configuration.</summary>
/// <param name="Value">The text, or the JSON of a structured value; the ciphertext while it is encrypted.</param>
/// <param name="IsSecret">Whether it is secret.</param>
public sealed record ConfigEntry(string Value, bool IsSecret);

/// <summary>The content of a Pulumi.&lt;stack&gt;.yaml: configuration by <c>namespace:key</c>, and the salt of its secrets.</summary>
/// <param name="Entries">Plain entries, and secrets still encrypted.</param>
/// <param name="EncryptionSalt">The salt; null where the file has none.</param>
public sealed record StackConfig(IReadOnlyDictionary<string, ConfigEntry> Entries, string? EncryptionSalt)
{
    /// <summary>The configuration of a stack without a settings file.</summary>
    public static StackConfig Empty { get; } = new(new Dictionary<string, ConfigEntry>(StringComparer.Ordinal), EncryptionSalt: null);

    /// <summary>Reads a settings file.</summary>
    /// <param name="path">The file; one that does not exist is empty.</param>
    /// <param name="project">The namespace of keys that name none.</param>
    /// <exception cref="Core.InfraException">JEJU0101: it is malformed.</exception>
    public static StackConfig Load(string path, string project)
    {
        if (YamlFiles.Load(path, EngineErrors.StackSettings) is not { } root)
        {
            return Empty;
        }

        var entries = new SortedDictionary<string, ConfigEntry>(StringComparer.Ordinal);
        var config = YamlFiles.Find(root, "config");
        if (config is YamlSequenceNode or YamlScalarNode { Value: not (null or "" or "~" or "null") })
        {
            throw EngineErrors.StackSettings(path, $"line {config.Start.Line}: 'config' is no mapping");
        }

        if (config is YamlMappingNode settings)
        {
            foreach (var (keyNode, value) in settings.Children)
            {
                var key = ((YamlScalarNode)keyNode).Value ?? "";
                entries[key.Contains(':', StringComparison.Ordinal) ? key : $"{project}:{key}"] = ReadEntry(value, path);
            }
        }

        return new StackConfig(entries, YamlFiles.Text(root, "encryptionsalt"));
    }

    private static ConfigEntry ReadEntry(YamlNode node, string path)
    {
        if (node is YamlMappingNode mapping && mapping.Children.Count == 1 && YamlFiles.Text(mapping, "secure") is { } cipherText)
        {
            return new ConfigEntry(cipherText, IsSecret: true);
        }

        if (node is YamlScalarNode scalar)
        {
            return new ConfigEntry(scalar.Value ?? "", IsSecret: false);
        }

        if (ContainsSecure(node))
        {
            throw EngineErrors.StackSettings(path, $"line {node.Start.Line}: a secret inside a structured value is not supported; give it a key of its own");
        }

        return new ConfigEntry(ToJson(node)!.ToJsonString(), IsSecret: false);
    }

    private static bool ContainsSecure(YamlNode node) => node switch
    {
        YamlMappingNode mapping => (mapping.Children.Count == 1 && YamlFiles.Text(mapping, "secure") is not null) || mapping.Children.Values.Any(ContainsSecure),
        YamlSequenceNode sequence => sequence.Children.Any(ContainsSecure),
        _ => false,
    };

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(entry =>
            KeyValuePair.Create(((YamlScalarNode)entry.Key).Value ?? "", ToJson(entry.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } scalar => PlainScalar(scalar.Value),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    /// <summary>An unquoted scalar is what YAML's core schema takes it for.</summary>
    private static JsonNode? PlainScalar(string? text) => text switch
    {
        null or "" or "~" or "null" => null,
        "true" or "True" => JsonValue.Create(true),
        "false" or "False" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    /// <summary>The JSON object that a program finds in PULUMI_CONFIG.</summary>
    internal static string ToEnvironment(IReadOnlyDictionary<string, ConfigEntry> entries) =>
        JsonSerializer.Serialize(entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value, StringComparer.Ordinal));
}
