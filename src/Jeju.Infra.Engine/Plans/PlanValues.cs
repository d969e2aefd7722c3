using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Plans;

/// <summary>Where the unknown parts of a resource's inputs come from.</summary>
/// <param name="Resource">The resource; null where nothing is known.</param>
internal readonly record struct UnknownOrigins(PlannedResource? Resource)
{
    public static UnknownOrigins None => default;

    /// <summary>The sources of the unknown at a path: the traced ones, or the resources that the whole property depends on.</summary>
    public IReadOnlyList<OutputSource> Of(string path) => Resource is null ? []
        : Resource.UnknownSources.TryGetValue(path, out var traced) ? [.. traced]
        : Resource.PropertyDependencies.TryGetValue(path.Split('.', '[')[0], out var urns) ? [.. urns.Select(urn => new OutputSource(urn, Property: null))]
        : [];
}

/// <summary>Property values as readers of a plan want them.</summary>
internal static class PlanValues
{
    /// <summary>Writes the inputs of a resource.</summary>
    public static void Write(Utf8JsonWriter writer, PlannedResource resource) => Write(writer, resource.Inputs, new UnknownOrigins(resource), "");

    /// <summary>Writes a value of which nobody knows more.</summary>
    public static void Write(Utf8JsonWriter writer, PropertyValue value) => Write(writer, value, UnknownOrigins.None, "");

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter writer, PropertyValue value, UnknownOrigins origins, string path)
    {
        switch (value)
        {
            case PropertyUnknown or PropertyOutput { Value: null }:
                WriteUnknown(writer, origins.Of(path));
                break;
            case PropertySecret or PropertyOutput { IsSecret: true }:
                writer.WriteStartObject();
                writer.WriteBoolean("$secret", true);
                writer.WriteEndObject();
                break;
            case PropertyOutput output:
                Write(writer, output.Value!, origins, path);
                break;
            case PropertyMap map:
                writer.WriteStartObject();
                foreach (var (name, item) in map)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item, origins, path.Length == 0 ? name : $"{path}.{name}");
                }

                writer.WriteEndObject();
                break;
            case PropertyList list:
                writer.WriteStartArray();
                for (var index = 0; index < list.Count; index++)
                {
                    Write(writer, list[index], origins, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"));
                }

                writer.WriteEndArray();
                break;
            case PropertyNumber { Value: var number } when !double.IsFinite(number):
                writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
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

    private static void WriteUnknown(Utf8JsonWriter writer, IReadOnlyList<OutputSource> sources)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("$unknown");
        if (sources.Count == 1)
        {
            WriteSource(writer, sources[0]);
        }
        else
        {
            writer.WriteStartArray("sources");
            foreach (var source in sources)
            {
                writer.WriteStartObject();
                WriteSource(writer, source);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter writer, OutputSource source)
    {
        writer.WriteString("urn", source.Urn);
        if (source.Property is not null)
        {
            writer.WriteString("property", source.Property);
        }
    }
}
