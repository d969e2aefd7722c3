using System.Text.Json.Nodes;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>A planned Kubernetes object that runs pods.</summary>
/// <param name="Cloud"><c>aws</c> or <c>gcp</c>: the cluster it is for.</param>
/// <param name="Kind">StatefulSet, Deployment or Job.</param>
/// <param name="Object">The object.</param>
internal sealed record PlannedWorkload(string Cloud, string Kind, JsonNode Object)
{
    private static readonly string[] Kinds = ["StatefulSet", "Deployment", "Job"];

    public string Name => Object["metadata"]!["name"]!.GetValue<string>();

    public string Namespace => Object["metadata"]!["namespace"]!.GetValue<string>();

    public JsonNode Pod => Object["spec"]!["template"]!["spec"]!;

    public JsonNode Labels => Object["spec"]!["template"]!["metadata"]!["labels"]!;

    public int Replicas => Object["spec"]!["replicas"]?.GetValue<int>() ?? 1;

    /// <summary>Those that stay, and those that prepare.</summary>
    public IEnumerable<JsonNode> AllContainers => Containers.Concat(Pod["initContainers"]?.AsArray().OfType<JsonNode>() ?? []);

    public IEnumerable<JsonNode> Containers => Pod["containers"]!.AsArray().OfType<JsonNode>();

    /// <summary>Each secret's name with the entries that are read of it; none where all of it is mounted.</summary>
    public IEnumerable<(string Secret, string? Key)> Secrets =>
        Containers.SelectMany(container => container["env"]?.AsArray().OfType<JsonNode>() ?? [])
            .Select(variable => variable["valueFrom"]?["secretKeyRef"])
            .OfType<JsonNode>()
            .Select(reference => (reference["name"]!.GetValue<string>(), (string?)reference["key"]!.GetValue<string>()))
            .Concat((Pod["volumes"]?.AsArray().OfType<JsonNode>() ?? [])
                .Select(volume => volume["secret"]?["secretName"]?.GetValue<string>())
                .OfType<string>()
                .Select(secret => (secret, (string?)null)));

    /// <summary>The value of a variable of the first container.</summary>
    public string? Variable(string name) => Containers.First()["env"]?.AsArray().OfType<JsonNode>()
        .SingleOrDefault(variable => variable["name"]!.GetValue<string>() == name)?["value"]?.GetValue<string>();

    /// <summary>All of a plan.</summary>
    public static IReadOnlyList<PlannedWorkload> Of(IEnumerable<PlannedResource> plan) =>
        [.. plan.Where(resource => resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal) && Kinds.Contains(resource.Type.Split(':')[2]))
            .Select(resource => new PlannedWorkload(CloudOf(resource), resource.Type.Split(':')[2], Node(resource)))];

    /// <summary>The cluster that an object is for.</summary>
    public static string CloudOf(PlannedResource resource) => resource.Name.Contains("-gcp", StringComparison.Ordinal) ? "gcp" : "aws";

    /// <summary>The inputs of a resource.</summary>
    public static JsonNode Node(PlannedResource resource) => JsonNode.Parse(resource.Inputs.GetRawText())!;
}
