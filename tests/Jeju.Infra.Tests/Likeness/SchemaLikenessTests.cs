using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Pulumi;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>Every generated class is complete: it has all inputs and outputs that the official class of its token has, with their C# types.</summary>
public sealed class SchemaLikenessTests
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [SharedReferenceTheory]
    [InlineData("Pulumi.Docker", 7)]
    [InlineData("Pulumi.Kubernetes", 50)]
    [InlineData("Pulumi.Aws", 20)]
    [InlineData("Pulumi.Gcp", 20)]
    public void A_resource_has_the_inputs_and_outputs_of_the_official_class(string assembly, int atLeast)
    {
        var schema = ReadSchema(assembly);
        var resources = Assembly.Load(assembly).GetTypes().Where(type => type.GetCustomAttribute<ResourceTypeAttribute>() is not null).ToArray();

        var differences = string.Join('\n', resources.SelectMany(type => Differences(type, schema.GetProperty("resources").GetProperty(type.GetCustomAttribute<ResourceTypeAttribute>()!.Type))));

        Assert.True(resources.Length >= atLeast, $"{resources.Length} resources");
        Assert.True(differences.Length == 0, differences);
    }

    [SharedReferenceTheory]
    [InlineData("Pulumi.Docker")]
    [InlineData("Pulumi.Kubernetes")]
    [InlineData("Pulumi.Aws")]
    [InlineData("Pulumi.Gcp")]
    public void A_nested_argument_has_the_members_of_the_official_class(string assembly)
    {
        var schema = ReadSchema(assembly);
        var nested = Assembly.Load(assembly).GetTypes().Where(type => typeof(ResourceArgs).IsAssignableFrom(type) && type.Namespace!.Contains("Inputs", StringComparison.Ordinal)).ToArray();

        var differences = string.Join('\n', nested.SelectMany(type => Compare(type.FullName!, Inputs(type), schema.GetProperty("types").GetProperty(type.FullName!).GetProperty("members"))));

        Assert.NotEmpty(nested);
        Assert.True(differences.Length == 0, differences);
    }

    private static IEnumerable<string> Differences(Type type, JsonElement official)
    {
        if (type.FullName != official.GetProperty("class").GetString())
        {
            yield return $"{type.FullName} is called {official.GetProperty("class")} officially.";
        }
        var outputs = Members(type, property => property.GetCustomAttribute<OutputAttribute>()?.Name);
        var more = Compare(type.FullName!, outputs, official.GetProperty("outputs"));
        if (official.TryGetProperty("inputs", out var inputs))
        {
            more = more.Concat(Compare($"{type.FullName}Args", Inputs(type.Assembly.GetType($"{type.FullName}Args", throwOnError: true)!), inputs));
        }
        foreach (var difference in more)
        {
            yield return difference;
        }
    }

    private static IEnumerable<string> Compare(string owner, Dictionary<string, string> ours, JsonElement official)
    {
        foreach (var member in official.EnumerateObject().Where(member => member.Name is not ("id" or "urn")))
        {
            var expected = $"{member.Value.GetProperty("name").GetString()} {Text(member.Value)}";
            if (!ours.TryGetValue(member.Name, out var actual))
            {
                yield return $"{owner} lacks {member.Name}: {expected}";
            }
            else if (actual != expected)
            {
                yield return $"{owner}.{member.Name} is '{actual}', officially '{expected}'";
            }
        }

        static string Text(JsonElement member) => member.GetProperty("type").GetString() + (member.TryGetProperty("required", out var required) && required.GetBoolean() ? " required" : "");
    }

    /// <summary>Arguments by their names on the wire; those of lists and secrets are private fields behind a property.</summary>
    private static Dictionary<string, string> Inputs(Type type) => type.GetMembers(All)
        .Select(member => (member, data: member.GetCustomAttributesData().SingleOrDefault(data => data.AttributeType == typeof(InputAttribute))))
        .Where(pair => pair.data is not null)
        .ToDictionary(
            pair => (string)pair.data!.ConstructorArguments[0].Value!,
            pair =>
            {
                var memberType = pair.member is FieldInfo field ? field.FieldType : ((PropertyInfo)pair.member).PropertyType;
                var name = pair.member is FieldInfo ? PropertyOf(type, pair.member.Name) : pair.member.Name;
                return $"{name} {Short(memberType)}{((bool)pair.data!.ConstructorArguments[1].Value! ? " required" : "")}";
            });

    private static string PropertyOf(Type type, string field) =>
        type.GetProperties().FirstOrDefault(property => string.Equals($"_{property.Name}", field, StringComparison.OrdinalIgnoreCase))?.Name ?? field;

    private static Dictionary<string, string> Members(Type type, Func<PropertyInfo, string?> nameOf) =>
        type.GetProperties(All).Where(property => nameOf(property) is not null).ToDictionary(property => nameOf(property)!, property => $"{property.Name} {Short(property.PropertyType)}");

    /// <summary>A type as the schemas write it.</summary>
    private static string Short(Type type) => TypeNames.Of(type)
        .Replace("System.Collections.Immutable.", string.Empty, StringComparison.Ordinal)
        .Replace("Pulumi.Input<", "Input<", StringComparison.Ordinal)
        .Replace("Pulumi.InputList<", "InputList<", StringComparison.Ordinal)
        .Replace("Pulumi.InputMap<", "InputMap<", StringComparison.Ordinal)
        .Replace("Pulumi.InputUnion<", "InputUnion<", StringComparison.Ordinal)
        .Replace("Pulumi.Output<", "Output<", StringComparison.Ordinal)
        .Replace("Pulumi.Union<", "Union<", StringComparison.Ordinal)
        .Replace(", ", ",", StringComparison.Ordinal);

    private static JsonElement ReadSchema(string assembly)
    {
        using var file = File.OpenRead(SharedReference.PathOf("schema", $"{assembly}.json.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        return JsonDocument.Parse(unpacked).RootElement;
    }
}
