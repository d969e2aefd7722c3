using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>A test that needs the schemas of the official packages, which lie beside the checkout where the project is developed.</summary>
public sealed class SchemaFactAttribute : FactAttribute
{
    /// <summary>Skips where the schemas are absent.</summary>
    public SchemaFactAttribute() => Skip = Directory.Exists(ResourceSchema.Folder) ? null : $"the schemas are not there ({ResourceSchema.Folder})";
}

/// <summary>What a package says of its resources' inputs: the names, which are required, and what kind of value each takes, down to the last nested one.</summary>
internal sealed class ResourceSchema
{
    private readonly Dictionary<string, JsonElement> _resources;
    private readonly Dictionary<string, JsonElement> _types;
    private readonly Dictionary<string, Dictionary<string, Member>> _members = [];

    /// <summary>Reads a schema: <c>resources</c> and <c>types</c>.</summary>
    public ResourceSchema(JsonElement root)
    {
        _resources = root.GetProperty("resources").EnumerateObject().ToDictionary(one => one.Name, one => one.Value);
        _types = root.GetProperty("types").EnumerateObject().ToDictionary(one => one.Name, one => one.Value);
    }

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(JejuScript.Layout.Root, "..", "shared", "reference", "schema"));

    /// <summary>How many single values were compared with their type, since the schema was read.</summary>
    public int Compared { get; private set; }

    /// <summary>The inputs of which the schema says only that they may be anything, as type and name.</summary>
    public HashSet<string> Anything { get; } = [];

    public static ResourceSchema Load(string package)
    {
        using GZipStream stream = new(File.OpenRead(Path.Combine(Folder, $"{package}.json.gz")), CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(stream);
        return new ResourceSchema(document.RootElement.Clone());
    }

    /// <summary>Whether the package has the type.</summary>
    public bool Knows(string type) => _resources.ContainsKey(type);

    /// <summary>What is wrong with the inputs of a resource.</summary>
    public IEnumerable<string> Problems(PlannedResource resource) =>
        resource.Type.StartsWith("pulumi:providers:", StringComparison.Ordinal) ? OfProvider(resource)
        : _resources.TryGetValue(resource.Type, out JsonElement schema) ? InMembers(resource.Urn, MembersOf(resource.Type, schema), resource.Inputs)
        : [$"{resource.Urn}: there is no type {resource.Type}"];

    /// <summary>A provider is configured with texts alone: what is none is written as JSON.</summary>
    private IEnumerable<string> OfProvider(PlannedResource provider)
    {
        Dictionary<string, Member> members = MembersOf(_types.Keys.Single(type => type.Split('.') is ["Pulumi", _, "ProviderArgs"]));
        JsonObject inputs = JsonNode.Parse(provider.Inputs.GetRawText())!.AsObject();
        foreach ((string name, JsonNode? value) in inputs.ToArray())
        {
            if (value is JsonValue text && members.TryGetValue(name, out Member? member) && member.Type.Kind != InputKind.Text)
            {
                inputs[name] = JsonNode.Parse(text.GetValue<string>());
            }
        }

        return InMembers(provider.Urn, members, JsonSerializer.SerializeToElement(inputs));
    }

    /// <summary>The inputs stand with the resource, or, in the package for Kubernetes, as a type of their own.</summary>
    private Dictionary<string, Member> MembersOf(string type, JsonElement schema) => schema.TryGetProperty("inputs", out JsonElement inputs)
        ? MembersOf(type, type, inputs)
        : MembersOf(schema.GetProperty("class").GetString()!.Replace("Pulumi.Kubernetes.", "Pulumi.Kubernetes.Types.Inputs.", StringComparison.Ordinal) + "Args");

    private Dictionary<string, Member> MembersOf(string type) => MembersOf(type, type, _types[type].GetProperty("members"));

    private Dictionary<string, Member> MembersOf(string key, string owner, JsonElement members)
    {
        if (!_members.TryGetValue(key, out Dictionary<string, Member>? known))
        {
            known = members.EnumerateObject().ToDictionary(
                member => member.Name,
                member => new Member(
                    $"{owner} {member.Name}",
                    InputType.Parse(member.Value.GetProperty("type").GetString()!),
                    member.Value.TryGetProperty("required", out JsonElement required) && required.GetBoolean()));
            _members[key] = known;
        }

        return known;
    }

    private IEnumerable<string> InMembers(string path, Dictionary<string, Member> members, JsonElement values)
    {
        HashSet<string> given = [];
        foreach (JsonProperty value in values.EnumerateObject())
        {
            // The engine's own words, and what is null, are not there for the provider.
            if (value.Name.StartsWith("__", StringComparison.Ordinal) || value.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            given.Add(value.Name);
            foreach (string problem in members.TryGetValue(value.Name, out Member? member)
                ? InValue($"{path}.{value.Name}", member.Type, value.Value, member.Place)
                : [$"{path}: no input {value.Name}"])
            {
                yield return problem;
            }
        }

        foreach ((string name, Member member) in members)
        {
            if (member.IsRequired && !given.Contains(name))
            {
                yield return $"{path}: {name} is required";
            }
        }
    }

    private IEnumerable<string> InValue(string path, InputType type, JsonElement value, string place)
    {
        // What is known after up and what is secret may be of any kind: the plan shows neither.
        if (value.ValueKind == JsonValueKind.Object && (value.TryGetProperty("$unknown", out _) || value.TryGetProperty("$secret", out _)))
        {
            return [];
        }

        switch (type.Kind)
        {
            case InputKind.Anything:
                Anything.Add(place);
                return [];
            case InputKind.List when value.ValueKind == JsonValueKind.Array:
                return value.EnumerateArray().SelectMany((item, index) => InValue($"{path}[{index}]", type.Arguments[0], item, place));
            case InputKind.Map when value.ValueKind == JsonValueKind.Object:
                return value.EnumerateObject().SelectMany(item => InValue($"{path}[{item.Name}]", type.Arguments[0], item.Value, place));
            case InputKind.Members when value.ValueKind == JsonValueKind.Object:
                return InMembers(path, MembersOf(type.Name), value);
            case InputKind.Either:
                string[][] problems = [.. type.Arguments.Select(one => InValue(path, one, value, place).ToArray())];
                return problems.Any(one => one.Length == 0) ? [] : problems[0];
            default:
                Compared++;
                return Takes(type.Kind, value) ? [] : [$"{path}: {type}, not {value.GetRawText()}"];
        }
    }

    private static bool Takes(InputKind kind, JsonElement value) => kind switch
    {
        InputKind.Text => value.ValueKind == JsonValueKind.String,
        InputKind.Truth => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        InputKind.Integer => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        InputKind.Number => value.ValueKind == JsonValueKind.Number,
        _ => false,
    };

    private sealed record Member(string Place, InputType Type, bool IsRequired);
}
