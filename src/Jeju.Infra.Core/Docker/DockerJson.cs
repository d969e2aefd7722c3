using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jeju.Infra.Core.Docker;

/// <summary>How the Docker Engine API writes JSON: names as in the Go structures, absent instead of null.</summary>
internal static class DockerJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNameCaseInsensitive = true,
    };

    /// <summary>The text of an error answer, <c>{"message": "..."}</c>; the body itself where it is not one.</summary>
    public static string MessageOf(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out JsonElement message)
                ? message.GetString() ?? body
                : body;
        }
        catch (JsonException)
        {
            // A proxy in front of the daemon answers in plain text.
            return body.Trim();
        }
    }
}
