using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jeju.Infra.Cli;

/// <summary>How data is written as JSON: camel case, indented, enumerations by name.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Indented { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
