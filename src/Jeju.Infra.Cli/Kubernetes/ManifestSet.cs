using System.Text.Json.Nodes;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Cli.Kubernetes;

/// <summary>The Kubernetes objects of a plan, ready to be written.</summary>
internal sealed class ManifestSet
{
    private const string Package = "kubernetes:";
    private const string ClusterWide = "cluster";
    private static readonly string[] CloudNames = ["aws", "gcp"];

    private readonly List<Manifest> _manifests = [];
    private readonly List<ReplacedValue> _unknowns = [];
    private readonly List<ReplacedValue> _secrets = [];
    private readonly List<PlannedChart> _charts = [];

    /// <summary>The objects, in the order of their files.</summary>
    public IReadOnlyList<Manifest> Manifests => _manifests;

    /// <summary>What only a deployment makes known.</summary>
    public IReadOnlyList<ReplacedValue> Unknowns => _unknowns;

    /// <summary>What is secret, and therefore not written.</summary>
    public IReadOnlyList<ReplacedValue> Secrets => _secrets;

    /// <summary>What Helm installs.</summary>
    public IReadOnlyList<PlannedChart> Charts => _charts;

    /// <summary>Picks the objects from a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cloud">One cloud's cluster alone; null for all.</param>
    public static ManifestSet Of(IReadOnlyList<PlannedResource> plan, string? cloud = null)
    {
        ManifestSet set = new();
        Dictionary<string, PlannedResource> byUrn = plan.ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        foreach (PlannedResource resource in plan.Where(IsObject).OrderBy(resource => resource.Urn, StringComparer.Ordinal))
        {
            string itsCloud = CloudOf(resource, byUrn);
            if (cloud is null || itsCloud == cloud)
            {
                set.Add(resource, itsCloud, ServiceOf(resource, byUrn));
            }
        }

        set._manifests.Sort((left, right) => string.CompareOrdinal(Key(left), Key(right)));
        return set;
    }

    private static string Key(Manifest manifest) => $"{manifest.Cloud}/{manifest.Service}/{manifest.FileName}/{manifest.Namespace}/{manifest.Urn}";

    private static bool IsObject(PlannedResource resource) => resource.Type.StartsWith(Package, StringComparison.Ordinal) && resource.Provider.Length > 0;

    private void Add(PlannedResource resource, string cloud, string service)
    {
        ManifestValues values = new(resource);
        JsonObject content = values.Read();
        _unknowns.AddRange(values.Unknowns);
        _secrets.AddRange(values.Secrets);
        if (resource.Type.StartsWith(Package + "helm.sh/", StringComparison.Ordinal))
        {
            string Text(string name) => content[name] is JsonValue value ? value.ToString() : "";
            _charts.Add(new PlannedChart(
                cloud, resource.Urn, Text("name") is { Length: > 0 } name ? name : NameOf(resource.Urn), Text("namespace"), Text("chart"), Text("version"),
                content["repositoryOpts"]?["repo"]?.ToString() ?? ""));
            return;
        }

        _manifests.Add(new Manifest(cloud, service, resource.Urn, Completed(content, resource)));
    }

    /// <summary>The object with what the SDK leaves to the type and to the engine: version, kind and name, in the order in which people read them.</summary>
    private static JsonObject Completed(JsonObject content, PlannedResource resource)
    {
        string[] token = resource.Type.Split(':');
        string version = token[1].StartsWith("core/", StringComparison.Ordinal) ? token[1]["core/".Length..] : token[1];
        JsonObject metadata = content["metadata"] as JsonObject ?? [];
        content.Remove("metadata");
        if (metadata["name"] is null && metadata["generateName"] is null)
        {
            metadata["name"] = NameOf(resource.Urn);
        }

        // Instructions to Pulumi mean nothing to a cluster.
        if (metadata["annotations"] is JsonObject annotations)
        {
            foreach (string key in annotations.Select(pair => pair.Key).Where(key => key.StartsWith("pulumi.com/", StringComparison.Ordinal)).ToList())
            {
                annotations.Remove(key);
            }

            if (annotations.Count == 0)
            {
                metadata.Remove("annotations");
            }
        }

        JsonObject completed = new()
        {
            ["apiVersion"] = content["apiVersion"]?.DeepClone() ?? version,
            ["kind"] = content["kind"]?.DeepClone() ?? token[2],
            ["metadata"] = metadata,
        };
        foreach ((string name, JsonNode? value) in content.Where(pair => pair.Key is not ("apiVersion" or "kind")))
        {
            completed[name] = value?.DeepClone();
        }

        return completed;
    }

    /// <summary>The service of an object: what the outermost Kubernetes component above it is, for example <c>op-geth</c>.</summary>
    private static string ServiceOf(PlannedResource resource, Dictionary<string, PlannedResource> byUrn)
    {
        string? component = Above(resource, byUrn).LastOrDefault(above => above.Type.StartsWith("jeju:kubernetes:", StringComparison.Ordinal))?.Type;
        return component is null ? ClusterWide : System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(component.Split(':')[^1]);
    }

    /// <summary>The cloud of an object: named in its provider, or in a component above it.</summary>
    private static string CloudOf(PlannedResource resource, Dictionary<string, PlannedResource> byUrn)
    {
        IEnumerable<string> names = Above(resource, byUrn).Select(above => above.Urn).Prepend(resource.Provider.Split("::").SkipLast(1).LastOrDefault() ?? "").Prepend(resource.Provider);
        return names.SelectMany(name => name.ToLowerInvariant().Split(':', '-', '$', '/')).FirstOrDefault(part => CloudNames.Contains(part)) ?? "";
    }

    private static IEnumerable<PlannedResource> Above(PlannedResource resource, Dictionary<string, PlannedResource> byUrn)
    {
        string parent = resource.Parent;
        while (byUrn.TryGetValue(parent, out PlannedResource? above))
        {
            yield return above;
            parent = above.Parent;
        }
    }

    private static string NameOf(string urn) => urn[(urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];
}
