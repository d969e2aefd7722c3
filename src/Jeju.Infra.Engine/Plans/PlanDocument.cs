using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Plans;

/// <summary>
/// What a program asks for, as JSON: a list of <c>{urn, type, inputs, parent, dependencies, provider, options}</c>. A secret is
/// <c>{"$secret": true}</c>; an unknown is <c>{"$unknown": {"urn": ...}}</c> where it comes from one resource, else
/// <c>{"$unknown": {"sources": [...]}}</c>.
/// </summary>
public static class PlanDocument
{
    private static readonly JsonWriterOptions WriterOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a plan.</summary>
    public static string ToJson(IEnumerable<PlannedResource> resources)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            Write(writer, resources);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a plan that <see cref="ToJson"/> wrote, alone or as the member <c>resources</c> of a report. Secrets and unknowns stay in their JSON form.</summary>
    /// <exception cref="InfraException">JEJU0130: the text is no plan.</exception>
    public static IReadOnlyList<PlannedResource> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.GetProperty("resources") : document.RootElement;
            return [.. root.EnumerateArray().Select(Read)];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw EngineErrors.PlanUnreadable(exception);
        }
    }

    /// <summary>What changed between two plans, resource by resource and property by property.</summary>
    public static IReadOnlyList<ResourceStep> Compare(IReadOnlyList<PlannedResource> before, IReadOnlyList<PlannedResource> after)
    {
        var old = before.Select(AsJson).ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        var @new = after.Select(AsJson).ToArray();
        var steps = new List<ResourceStep>();
        foreach (var resource in @new)
        {
            old.Remove(resource.Urn, out var former);
            var differences = PropertyComparison.Compare(Flatten(former), Flatten(resource));
            var operation = former is null ? StepOperation.Create : differences.Count > 0 ? StepOperation.Update : StepOperation.Same;
            steps.Add(new ResourceStep(operation, resource.Urn, former is null ? null : AsState(former), AsState(resource), differences));
        }

        steps.AddRange(before.Where(resource => old.ContainsKey(resource.Urn))
            .Select(resource => new ResourceStep(StepOperation.Delete, resource.Urn, AsState(resource), null, [])));
        return steps;
    }

    internal static void Write(Utf8JsonWriter writer, IEnumerable<PlannedResource> resources)
    {
        writer.WriteStartArray();
        foreach (var resource in resources)
        {
            writer.WriteStartObject();
            writer.WriteString("urn", resource.Urn);
            writer.WriteString("type", resource.Type);
            writer.WritePropertyName("inputs");
            PlanValues.Write(writer, resource.Inputs, resource.PropertyDependencies);
            writer.WriteString("parent", resource.Parent);
            writer.WriteStartArray("dependencies");
            foreach (var dependency in resource.Dependencies)
            {
                writer.WriteStringValue(dependency);
            }

            writer.WriteEndArray();
            writer.WriteString("provider", resource.Provider);
            writer.WritePropertyName("options");
            PlanValues.Write(writer, resource.Options, State.ResourceState.EmptyDependencies);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>A plan of this run in the form of one that was read, so that both compare equal.</summary>
    private static PlannedResource AsJson(PlannedResource resource)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            PlanValues.Write(writer, resource.Inputs, resource.PropertyDependencies);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return resource with { Inputs = (PropertyMap)PlanValues.Read(document.RootElement) };
    }

    private static PlannedResource Read(JsonElement element) => new()
    {
        Urn = element.GetProperty("urn").GetString()!,
        Type = element.GetProperty("type").GetString()!,
        Inputs = (PropertyMap)PlanValues.Read(element.GetProperty("inputs")),
        Parent = element.GetProperty("parent").GetString()!,
        Dependencies = element.GetProperty("dependencies").EnumerateArray().Select(item => item.GetString()!).ToEquatableList(),
        Provider = element.GetProperty("provider").GetString()!,
        Options = (PropertyMap)PlanValues.Read(element.GetProperty("options")),
    };

    private static PropertyMap Flatten(PlannedResource? resource)
    {
        if (resource is null)
        {
            return PropertyMap.Empty;
        }

        var flat = resource.Options.Count == 0 ? resource.Inputs : resource.Inputs.With("(options)", resource.Options);
        return resource.Dependencies.Count == 0
            ? flat
            : flat.With("(dependencies)", PropertyList.From(resource.Dependencies.Select(urn => (PropertyValue)urn)));
    }

    private static State.ResourceState AsState(PlannedResource resource) => new()
    {
        Urn = resource.Urn, Type = resource.Type, Custom = resource.Provider.Length > 0, Parent = resource.Parent, Inputs = resource.Inputs,
    };
}

/// <summary>Property values as readers of a plan want them.</summary>
internal static class PlanValues
{
    public static void Write(
        Utf8JsonWriter writer, PropertyMap inputs, System.Collections.Immutable.ImmutableSortedDictionary<string, EquatableList<string>> sources)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in inputs)
        {
            writer.WritePropertyName(name);
            Write(writer, value, sources.TryGetValue(name, out var urns) ? urns : []);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, PropertyValue value, EquatableList<string> sources)
    {
        switch (value)
        {
            case PropertyUnknown or PropertyOutput { Value: null }:
                WriteUnknown(writer, sources);
                break;
            case PropertySecret or PropertyOutput { IsSecret: true }:
                writer.WriteStartObject();
                writer.WriteBoolean("$secret", true);
                writer.WriteEndObject();
                break;
            case PropertyOutput output:
                Write(writer, output.Value!, sources);
                break;
            case PropertyMap map:
                writer.WriteStartObject();
                foreach (var (name, item) in map)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item, sources);
                }

                writer.WriteEndObject();
                break;
            case PropertyList list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item, sources);
                }

                writer.WriteEndArray();
                break;
            case PropertyNumber { Value: var number } when !double.IsFinite(number):
                writer.WriteStringValue(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case PropertyResourceReference reference:
                writer.WriteStartObject();
                writer.WriteString("$resource", reference.Urn);
                writer.WriteEndObject();
                break;
            default:
                State.StateValues.Write(writer, value, encrypt: null);
                break;
        }
    }

    public static PropertyValue Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Array => PropertyList.From(element.EnumerateArray().Select(Read)),
        JsonValueKind.Object => PropertyMap.From(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Read(member.Value)))),
        _ => PropertyValue.Null,
    };

    private static void WriteUnknown(Utf8JsonWriter writer, EquatableList<string> sources)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("$unknown");
        if (sources.Count == 1)
        {
            writer.WriteString("urn", sources[0]);
        }
        else
        {
            writer.WriteStartArray("sources");
            foreach (var source in sources)
            {
                writer.WriteStringValue(source);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
