using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>A test that needs the schemas of the official packages, which lie beside the checkout where the project is developed.</summary>
public sealed class SchemaFactAttribute : FactAttribute
{
    /// <summary>Skips where the schemas are absent.</summary>
    public SchemaFactAttribute() => Skip = Directory.Exists(ResourceSchema.Folder) ? null : $"the schemas are not there ({ResourceSchema.Folder})";
}

/// <summary>What a package says of its resources' inputs: names, which are required, and the nested types.</summary>
internal sealed partial class ResourceSchema
{
    private readonly JsonElement _root;

    private ResourceSchema(JsonElement root) => _root = root;

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(JejuScript.Layout.Root, "..", "shared", "reference", "schema"));

    public static ResourceSchema Load(string package)
    {
        using GZipStream stream = new(File.OpenRead(Path.Combine(Folder, $"{package}.json.gz")), CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(stream);
        return new ResourceSchema(document.RootElement.Clone());
    }

    /// <summary>Whether the package has the type.</summary>
    public bool Knows(string type) => _root.GetProperty("resources").TryGetProperty(type, out _);

    /// <summary>What is wrong with the inputs of a resource.</summary>
    public IEnumerable<string> Problems(PlannedResource resource) =>
        _root.GetProperty("resources").TryGetProperty(resource.Type, out JsonElement schema)
            ? Members(resource.Urn, InputsOf(schema), resource.Inputs)
            : [$"{resource.Urn}: there is no type {resource.Type}"];

    /// <summary>The inputs stand with the resource, or, in the package for Kubernetes, as a type of their own.</summary>
    private JsonElement InputsOf(JsonElement schema) => schema.TryGetProperty("inputs", out JsonElement inputs)
        ? inputs
        : _root.GetProperty("types").GetProperty(schema.GetProperty("class").GetString()!.Replace("Pulumi.Kubernetes.", "Pulumi.Kubernetes.Types.Inputs.", StringComparison.Ordinal) + "Args").GetProperty("members");

    private IEnumerable<string> Members(string path, JsonElement members, JsonElement values)
    {
        foreach (JsonProperty value in values.EnumerateObject().Where(value => !value.Name.StartsWith("__", StringComparison.Ordinal)))
        {
            if (!members.TryGetProperty(value.Name, out JsonElement member))
            {
                yield return $"{path}: no input {value.Name}";
                continue;
            }

            foreach (string problem in Nested($"{path}.{value.Name}", member.GetProperty("type").GetString()!, value.Value))
            {
                yield return problem;
            }
        }

        foreach (JsonProperty member in members.EnumerateObject())
        {
            if (member.Value.TryGetProperty("required", out JsonElement required) && required.GetBoolean() && !values.TryGetProperty(member.Name, out _))
            {
                yield return $"{path}: {member.Name} is required";
            }
        }
    }

    private IEnumerable<string> Nested(string path, string type, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().SelectMany((item, index) => Nested($"{path}[{index}]", type, item));
        }

        Match nested = NestedType().Match(type);
        return value.ValueKind == JsonValueKind.Object && nested.Success && !value.TryGetProperty("$unknown", out _) && !value.TryGetProperty("$secret", out _)
            ? Members(path, _root.GetProperty("types").GetProperty(nested.Value).GetProperty("members"), value)
            : [];
    }

    [GeneratedRegex(@"Pulumi\.[\w.]+Args")]
    private static partial Regex NestedType();
}
