using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jeju.Infra.Provider.Framework;

/// <summary>Writes the package's schema from the attributes of the handlers' records, for generators and documentation.</summary>
internal static class SchemaWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(IEnumerable<IResourceHandler> handlers)
    {
        var types = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        var resources = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var handler in handlers)
        {
            var outputs = handler.Inputs.Properties.Concat(handler.Outputs.Properties).DistinctBy(property => property.Name).ToList();
            var resource = new JsonObject { ["description"] = handler.Description };
            AddProperties(resource, "properties", "required", outputs, types, output: true);
            AddProperties(resource, "inputProperties", "requiredInputs", [.. handler.Inputs.Properties.Where(property => !property.Attribute.Computed)], types, output: false);
            resources[handler.Token] = resource;
        }

        return new JsonObject
        {
            ["name"] = PluginInformation.PackageName,
            ["displayName"] = "Jeju",
            ["version"] = PluginInformation.Version,
            ["description"] = "The Jeju network: contracts, stake, provider nodes and the services ordered from them on chain.",
            ["meta"] = new JsonObject { ["moduleFormat"] = "(.*)" },
            ["types"] = new JsonObject(types),
            ["resources"] = new JsonObject(resources),
        }.ToJsonString(Indented);
    }

    private static void AddProperties(
        JsonObject target, string properties, string required, IReadOnlyList<PropertyModel> models, SortedDictionary<string, JsonNode?> types, bool output)
    {
        target[properties] = new JsonObject(models
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Property(property, types, output))));
        target[required] = new JsonArray([.. models
            .Where(property => property.IsRequired || (output && property.Attribute.Default is not null))
            .Select(property => property.Name)
            .Order(StringComparer.Ordinal)
            .Select(name => (JsonNode?)name)]);
    }

    private static JsonObject Property(PropertyModel property, SortedDictionary<string, JsonNode?> types, bool output)
    {
        var schema = Type(property.Type, types);
        schema["description"] = property.Attribute.Description;
        if (property.Attribute.Secret)
        {
            schema["secret"] = true;
        }

        if (property.Attribute.Replaces)
        {
            schema["replaceOnChanges"] = true;
        }

        if (!output && property.Attribute.Default is { } text && property.Type.Shape is PropertyShape.Boolean or PropertyShape.Integer or PropertyShape.Text)
        {
            schema["default"] = property.Type.Shape == PropertyShape.Text ? property.Attribute.Default : JsonNode.Parse(property.Attribute.Default ?? "null");
        }

        return schema;
    }

    private static JsonObject Type(ValueModel type, SortedDictionary<string, JsonNode?> types) => type.Shape switch
    {
        PropertyShape.Boolean => new JsonObject { ["type"] = "boolean" },
        PropertyShape.Integer => new JsonObject { ["type"] = "integer" },
        PropertyShape.List when type.Element is { } element => new JsonObject { ["type"] = "array", ["items"] = Type(element, types) },
        PropertyShape.Map when type.Element is { } element => new JsonObject { ["type"] = "object", ["additionalProperties"] = Type(element, types) },
        PropertyShape.Object => Reference(type.Record, types),
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Reference(RecordModel record, SortedDictionary<string, JsonNode?> types)
    {
        var token = $"{PluginInformation.PackageName}:index:{record.ClrType.Name}";
        if (!types.ContainsKey(token))
        {
            var definition = new JsonObject { ["type"] = "object" };
            types[token] = definition;
            AddProperties(definition, "properties", "required", record.Properties, types, output: false);
        }

        return new JsonObject { ["$ref"] = $"#/types/{token}" };
    }
}
