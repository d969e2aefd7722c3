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
/// <c>{"$secret": true}</c>; an unknown is <c>{"$unknown": {"urn": ..., "property": ...}}</c> where it comes from one output, else
/// <c>{"$unknown": {"sources": [...]}}</c> with a list of those. Without a traced preview the property is missing.
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
        // Where only one of the plans is traced, what the other cannot say is no difference.
        var areTraced = IsTraced(before) && IsTraced(after);
        var old = before.Select(resource => AsJson(resource, areTraced)).ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        var @new = after.Select(resource => AsJson(resource, areTraced)).ToArray();
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
            PlanValues.Write(writer, resource);
            writer.WriteString("parent", resource.Parent);
            writer.WriteStartArray("dependencies");
            foreach (var dependency in resource.Dependencies)
            {
                writer.WriteStringValue(dependency);
            }

            writer.WriteEndArray();
            writer.WriteString("provider", resource.Provider);
            writer.WritePropertyName("options");
            PlanValues.Write(writer, resource.Options, UnknownOrigins.None, "");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>A plan of this run in the form of one that was read, so that both compare equal.</summary>
    private static PlannedResource AsJson(PlannedResource resource, bool isTraced)
    {
        if (!isTraced)
        {
            resource = resource with { UnknownSources = resource.UnknownSources.Clear(), Inputs = WithoutProperties(resource.Inputs) };
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            PlanValues.Write(writer, resource);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return resource with { Inputs = (PropertyMap)PlanValues.Read(document.RootElement) };
    }

    private static bool IsTraced(IReadOnlyList<PlannedResource> plan) =>
        plan.Any(resource => resource.UnknownSources.Count > 0 || resource.Inputs.HasPart(value => Origin(value)?.ContainsKey("property") == true));

    /// <summary>The origin that the mark of an unknown in a plan that was read names.</summary>
    private static PropertyMap? Origin(PropertyValue value) => value is PropertyMap { Count: 1 } mark ? mark.Find("$unknown") as PropertyMap : null;

    /// <summary>A plan that was read, without what a traced preview adds to it.</summary>
    private static PropertyMap WithoutProperties(PropertyMap inputs)
    {
        PropertyValue Strip(PropertyValue value) => value switch
        {
            PropertyMap map when Origin(map) is { } origin => origin.ContainsKey("urn") || origin.Find("sources") is not PropertyList sources
                ? PropertyMap.Of(("$unknown", origin.Without("property")))
                : Merge([.. sources.Select(source => source is PropertyMap one ? one.Without("property") : source).Distinct()]),
            PropertyMap map => map.Select((_, item) => Strip(item)),
            PropertyList list => PropertyList.From(list.Select(Strip)),
            _ => value,
        };
        return (PropertyMap)Strip(inputs);
    }

    private static PropertyMap Merge(IReadOnlyList<PropertyValue> sources) =>
        PropertyMap.Of(("$unknown", sources.Count == 1 ? sources[0] : PropertyMap.Of(("sources", PropertyList.From(sources)))));

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
