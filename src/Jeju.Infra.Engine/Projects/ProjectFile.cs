using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Jeju.Infra.Engine.Projects;

/// <summary>What the engine needs of a Pulumi.yaml.</summary>
public sealed record ProjectFile
{
    /// <summary>The project's name, part of every URN.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that holds the file.</summary>
    public required string RootDirectory { get; init; }

    /// <summary>The folder in which the program runs.</summary>
    public required string ProgramDirectory { get; init; }

    /// <summary>The folder of the files Pulumi.&lt;stack&gt;.yaml.</summary>
    public required string StackConfigDirectory { get; init; }

    /// <summary>Per package, the folder of its plugin.</summary>
    public required IReadOnlyDictionary<string, string> PluginDirectories { get; init; }

    /// <summary>The settings file of a stack.</summary>
    public string StackSettingsPath(string stack) => Path.Combine(StackConfigDirectory, $"Pulumi.{stack}.yaml");

    /// <summary>Reads the Pulumi.yaml of a folder.</summary>
    /// <exception cref="Core.InfraException">JEJU0100: it is missing or malformed.</exception>
    public static ProjectFile Load(string directory)
    {
        var path = Path.Combine(directory, "Pulumi.yaml");
        var root = YamlFiles.Load(path, EngineErrors.ProjectFile) ?? throw EngineErrors.ProjectFile(path, "it does not exist");
        var name = YamlFiles.Text(root, "name") ?? throw EngineErrors.ProjectFile(path, "it has no 'name'");
        var plugins = new Dictionary<string, string>(StringComparer.Ordinal);
        if (YamlFiles.Find(root, "plugins") is YamlMappingNode groups && YamlFiles.Find(groups, "providers") is YamlSequenceNode providers)
        {
            foreach (var provider in providers.Children.OfType<YamlMappingNode>())
            {
                var package = YamlFiles.Text(provider, "name") ?? throw EngineErrors.ProjectFile(path, "a provider plugin has no 'name'");
                var folder = YamlFiles.Text(provider, "path") ?? throw EngineErrors.ProjectFile(path, $"the provider plugin '{package}' has no 'path'");
                plugins[package] = Path.GetFullPath(folder, directory);
            }
        }

        return new ProjectFile
        {
            Name = name,
            RootDirectory = Path.GetFullPath(directory),
            ProgramDirectory = Path.GetFullPath(YamlFiles.Text(root, "main") ?? ".", directory),
            StackConfigDirectory = Path.GetFullPath(YamlFiles.Text(root, "stackConfigDir") ?? ".", directory),
            PluginDirectories = plugins,
        };
    }
}

/// <summary>Reads YAML files whose root is a mapping.</summary>
internal static class YamlFiles
{
    /// <summary>The root of a file; null where the file does not exist.</summary>
    public static YamlMappingNode? Load(string path, Func<string, string, Exception> error)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count == 0)
            {
                return new YamlMappingNode();
            }

            var root = stream.Documents[0].RootNode as YamlMappingNode ?? throw error(path, "its root is no mapping");
            if (stream.Documents.Count > 1)
            {
                throw error(path, $"line {stream.Documents[1].RootNode.Start.Line}: a second document begins, of which nothing would be read");
            }

            RequireTree(root, [], (node, problem) => error(path, $"line {node.Start.Line}: {problem}"));
            return root;
        }
        catch (YamlException exception)
        {
            throw error(path, $"line {exception.Start.Line}: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Keys are texts, and no value contains itself: anchors can make a circle.</summary>
    private static void RequireTree(YamlNode node, HashSet<YamlNode> around, Func<YamlNode, string, Exception> error)
    {
        if (node is YamlScalarNode)
        {
            return;
        }

        // By reference: nodes are equal where their content is.
        var within = new HashSet<YamlNode>(around, ReferenceEqualityComparer.Instance);
        if (!within.Add(node))
        {
            throw error(node, "a value contains itself");
        }

        if (node is YamlMappingNode mapping)
        {
            foreach (var key in mapping.Children.Keys)
            {
                if (key is not YamlScalarNode)
                {
                    throw error(key, "a key is no text");
                }
            }
        }

        foreach (var child in node is YamlMappingNode map ? map.Children.Values : node is YamlSequenceNode list ? list.Children : [])
        {
            RequireTree(child, within, error);
        }
    }

    public static YamlNode? Find(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static string? Text(YamlMappingNode mapping, string key) => (Find(mapping, key) as YamlScalarNode)?.Value;
}
