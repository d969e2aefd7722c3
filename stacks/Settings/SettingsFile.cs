using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>The <c>Pulumi.&lt;stack&gt;.yaml</c> of a stack, read only to say in which line a setting stands.</summary>
internal sealed class SettingsFile
{
    /// <summary>What a settings file consists of, in the order in which a message shows it; all but the first are written by Pulumi.</summary>
    private static readonly string[] Parts = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

    private readonly YamlMappingNode? _configuration;

    private SettingsFile(string name, YamlMappingNode? configuration)
    {
        Name = name;
        _configuration = configuration;
    }

    /// <summary>The file's name as a message shows it.</summary>
    public string Name { get; }

    /// <summary>Reads the file; a missing one (settings given by the automation API alone) has no lines to name.</summary>
    /// <exception cref="Core.InfraException">JEJU0702: it is no YAML, or has a part that nobody reads: a mistyped 'config:' would leave out every setting.</exception>
    public static SettingsFile Read(string path)
    {
        var name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            return new SettingsFile(name, null);
        }

        using var text = File.OpenText(path);
        var stream = new YamlStream();
        try
        {
            stream.Load(text);
        }
        catch (YamlException failure)
        {
            throw SettingsProblem.ToError([new SettingsProblem(name, failure.Start.Line, "", failure.Message.TrimEnd('.'), "write the file as YAML with one 'config:' map")]);
        }

        var root = stream.Documents.Count > 0 ? stream.Documents[0].RootNode as YamlMappingNode : null;
        var unknown = (root?.Children.Keys ?? []).OfType<YamlScalarNode>().Where(key => !Parts.Contains(key.Value))
            .Select(key => new SettingsProblem(name, key.Start.Line, key.Value ?? "", "a settings file has no such part", $"use one of {string.Join(", ", Parts)}")).ToList();
        if (unknown.Count > 0)
        {
            throw SettingsProblem.ToError(unknown);
        }

        return new SettingsFile(name, root is null ? null : Child(root, "config") as YamlMappingNode);
    }

    /// <summary>The keys below <c>config:</c>, such as <c>jeju-infra:services</c>.</summary>
    public IEnumerable<string> Keys =>
        _configuration is null ? [] : _configuration.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    /// <summary>Whether the file has a value below a key, and has it in clear.</summary>
    public bool IsPlain(string key) =>
        _configuration is not null && Child(_configuration, key) is { } node && !(node is YamlMappingNode { Children.Count: 1 } map && Child(map, "secure") is not null);

    /// <summary>The value below a key as JSON-like text, as the engine hands it to a program; null where the file has none.</summary>
    public string? Text(string key) =>
        _configuration is null ? null : Child(_configuration, key) switch
        {
            null => null,
            YamlScalarNode scalar => scalar.Value,
            var node => YamlJson.Write(node),
        };

    /// <summary>The line of a setting, counted from one; the nearest enclosing line where the path goes deeper than the file, 0 where it has none.</summary>
    /// <param name="key">The full key, with its namespace.</param>
    /// <param name="path">Names and list positions below the key.</param>
    public long Line(string key, IReadOnlyList<object> path)
    {
        if (_configuration is null)
        {
            return 0;
        }

        var keyNode = KeyNode(_configuration, key);
        if (keyNode is null)
        {
            return 0;
        }

        var line = keyNode.Start.Line;
        YamlNode? node = Child(_configuration, key);
        foreach (var step in path)
        {
            switch (step)
            {
                case string name when node is YamlMappingNode map:
                    line = KeyNode(map, name)?.Start.Line ?? line;
                    node = Child(map, name);
                    break;
                case int index when node is YamlSequenceNode list && index < list.Children.Count:
                    node = list.Children[index];
                    line = node.Start.Line;
                    break;
                default:
                    return line;
            }
        }

        return line;
    }

    private static YamlScalarNode? KeyNode(YamlMappingNode map, string key) =>
        map.Children.Keys.OfType<YamlScalarNode>().FirstOrDefault(candidate => candidate.Value == key);

    private static YamlNode? Child(YamlMappingNode map, string key) =>
        KeyNode(map, key) is { } node ? map.Children[node] : null;
}
