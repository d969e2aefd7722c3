using System.Text.Json;

namespace Jeju.Infra.Policy.Rules;

/// <summary>Reads a policy document of Amazon's identity service for what it allows too much of.</summary>
internal static class AccessDocument
{
    /// <summary>What is wrong with a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="isKeyPolicy">In a key's own policy the resource <c>*</c> is that key.</param>
    public static IEnumerable<string> Problems(string json, bool isKeyPolicy)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(json);
            root = document.RootElement.Clone();
        }
        catch (JsonException problem)
        {
            return [$"it is no policy document ({problem.Message})"];
        }

        return root.TryGetProperty("Statement", out var statements)
            ? (statements.ValueKind == JsonValueKind.Array ? statements.EnumerateArray().AsEnumerable() : [statements]).SelectMany(statement => Judge(statement, isKeyPolicy))
            : [];
    }

    private static IEnumerable<string> Judge(JsonElement statement, bool isKeyPolicy)
    {
        if (!statement.TryGetProperty("Effect", out var effect) || effect.GetString() != "Allow")
        {
            yield break;
        }

        var name = statement.TryGetProperty("Sid", out var sid) ? $"the statement '{sid.GetString()}'" : "a statement";
        foreach (var inverse in (string[])["NotAction", "NotResource", "NotPrincipal"])
        {
            if (statement.TryGetProperty(inverse, out _))
            {
                yield return $"{name} allows everything but what {inverse} lists.";
            }
        }

        var hasCondition = statement.TryGetProperty("Condition", out var condition) && condition.EnumerateObject().Any();
        var isOnEverything = !isKeyPolicy && Texts(statement, "Resource").Contains("*");
        foreach (var action in Texts(statement, "Action").Where(action => action.Contains('*', StringComparison.Ordinal)))
        {
            if (action is "*" or "*:*")
            {
                yield return $"{name} allows every action.";
            }
            else if (isOnEverything && !IsReading(action))
            {
                yield return $"{name} allows {action} on every resource.";
            }
        }

        if (isOnEverything && !hasCondition && Texts(statement, "Action").Any(action => action is "iam:PassRole" or "sts:AssumeRole"))
        {
            yield return $"{name} lets it take any role.";
        }

        if (!hasCondition && statement.TryGetProperty("Principal", out var principal) && IsEverybody(principal))
        {
            yield return $"{name} allows everybody.";
        }
    }

    /// <summary>Listing what there is shows no content.</summary>
    private static bool IsReading(string action)
    {
        var verb = action[(action.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return verb.StartsWith("Describe", StringComparison.Ordinal) || verb.StartsWith("List", StringComparison.Ordinal);
    }

    private static bool IsEverybody(JsonElement principal) => principal.ValueKind == JsonValueKind.String
        ? principal.GetString() == "*"
        : principal.TryGetProperty("AWS", out _) && Texts(principal, "AWS").Contains("*");

    private static IReadOnlyList<string> Texts(JsonElement parent, string name) => !parent.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetString() ?? "")]
        : [value.GetString() ?? ""];
}
