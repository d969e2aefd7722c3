using System.Text.Json.Nodes;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>The server refuses.</summary>
internal sealed class ApiRefusalException(int status, string reason, string message) : Exception(message)
{
    public int Status => status;

    public JsonObject ToStatus() => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = Message, ["reason"] = reason, ["code"] = status,
    };
}

/// <summary>
/// An object of the fake cluster with the owners of its fields, as server-side apply keeps them (Kubernetes documentation, "Server-Side Apply"): a field is a path to a value or to a list, which counts as a
/// whole.
/// </summary>
internal sealed class StoredObject(string plural, JsonObject value)
{
    private readonly Dictionary<string, HashSet<string>> _owners = new(StringComparer.Ordinal);

    public string Plural => plural;

    public JsonObject Value { get; private set; } = value;

    public string Name => Value["metadata"]!["name"]!.GetValue<string>();

    public bool IsDeleting => Value["metadata"]!["deletionTimestamp"] is not null;

    /// <summary>How often it is still seen after its deletion began.</summary>
    public int RestOfLife { get; set; } = 1;

    public string Version
    {
        get => Value["metadata"]!["resourceVersion"]!.GetValue<string>();
        set => Value["metadata"]!["resourceVersion"] = value;
    }

    /// <summary>Who owns a field.</summary>
    public IReadOnlyCollection<string> OwnersOf(string path) => _owners.GetValueOrDefault(path) ?? [];

    /// <summary>Applies a manifest.</summary>
    /// <returns>Whether anything is different afterwards.</returns>
    /// <exception cref="ApiRefusalException">Another manager owns a field that would change, or a field may not change.</exception>
    public bool Apply(string manager, JsonObject manifest, bool force)
    {
        JsonObject next = (JsonObject)Value.DeepClone();
        Dictionary<string, JsonNode> fields = Fields(manifest).ToDictionary(field => field.Path, field => field.Value, StringComparer.Ordinal);
        string[] conflicts =
        [
            .. fields.Where(field => Read(Value, field.Key) is { } present && !JsonNode.DeepEquals(present, field.Value) && OwnersOf(field.Key).Any(owner => owner != manager))
                .Select(field => field.Key),
        ];
        if (conflicts.Length > 0 && !force)
        {
            throw new ApiRefusalException(409, "Conflict", $"Apply failed with {conflicts.Length} conflicts: {string.Join(", ", conflicts)}");
        }

        foreach ((string path, JsonNode field) in fields)
        {
            if (!JsonNode.DeepEquals(Read(next, path), field))
            {
                Write(next, path, field.DeepClone());
            }
        }

        string[] given = [.. _owners.Where(owned => owned.Value.Contains(manager) && !fields.ContainsKey(owned.Key) && owned.Value.Count == 1).Select(owned => owned.Key)];
        foreach (string path in given)
        {
            Write(next, path, null);
        }

        RefuseChangesOfWhatIsFixed(next);
        foreach (HashSet<string> owners in _owners.Where(owned => !fields.ContainsKey(owned.Key)).Select(owned => owned.Value))
        {
            owners.Remove(manager);
        }

        foreach ((string path, JsonNode field) in fields)
        {
            bool isShared = JsonNode.DeepEquals(Read(Value, path), field) && OwnersOf(path).Count > 0;
            _owners[path] = isShared ? [.. OwnersOf(path), manager] : [manager];
        }

        bool isChanged = !JsonNode.DeepEquals(Value, next);
        Value = next;
        return isChanged;
    }

    private void RefuseChangesOfWhatIsFixed(JsonObject next)
    {
        string[] isFixed = plural switch
        {
            "secrets" when Value["immutable"]?.GetValue<bool>() == true => ["data", "immutable"],
            "persistentvolumeclaims" => ["spec"],
            "statefulsets" => ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy"],
            _ => [],
        };
        foreach (string path in isFixed.Where(path => Read(Value, path) is { } present && !JsonNode.DeepEquals(present, Read(next, path))))
        {
            throw new ApiRefusalException(422, "Invalid", $"{plural} \"{Name}\" is invalid: {path}: Forbidden: field is immutable");
        }
    }

    /// <summary>A field, or null. The path's steps are joined by a dot, and a dot within a step is written as a line break: labels have dots.</summary>
    public static JsonNode? Read(JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, (at, step) => at is JsonObject map ? map[step.Replace('\n', '.')] : null);

    private static void Write(JsonObject root, string path, JsonNode? value)
    {
        string[] steps = [.. path.Split('.').Select(step => step.Replace('\n', '.'))];
        JsonObject at = root;
        foreach (string step in steps[..^1])
        {
            if (at[step] is not JsonObject below)
            {
                at[step] = below = [];
            }

            at = below;
        }

        if (value is null)
        {
            at.Remove(steps[^1]);
        }
        else
        {
            at[steps[^1]] = value;
        }
    }

    private static IEnumerable<(string Path, JsonNode Value)> Fields(JsonObject manifest, string above = "")
    {
        foreach ((string name, JsonNode? value) in manifest)
        {
            string path = above + name.Replace('.', '\n');
            if (path is "apiVersion" or "kind" or "metadata.name" or "metadata.namespace")
            {
                continue;
            }

            if (value is JsonObject { Count: > 0 } below)
            {
                foreach ((string Path, JsonNode Value) field in Fields(below, path + "."))
                {
                    yield return field;
                }
            }
            else
            {
                yield return (path, value ?? throw new ApiRefusalException(400, "BadRequest", $"{path} is null"));
            }
        }
    }
}
