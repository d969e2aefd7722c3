using System.Text.Json.Nodes;
using Jeju.Infra.Cli.Kubernetes;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Cli.Deployments;

/// <summary>
/// The secrets that the pods of a plan wait for and no program fills: shells in the clouds' stores, whose values a person puts in once. A deployment that begins without them waits for its pods until it
/// gives up, so it says beforehand which they are.
/// </summary>
internal static class AwaitedSecrets
{
    private const string Kind = "ExternalSecret";

    /// <summary>A line for each secret; none where nothing is copied.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<PlannedResource> plan)
    {
        ManifestSet objects = ManifestSet.Of(plan);

        // What the database makes and changes itself has a name that only the deployment knows.
        HashSet<string> unknown = [.. objects.Unknowns.Select(value => value.Urn)];
        HashSet<(string, string)> filled = [.. Filled(plan)];
        string[] secrets = [.. objects.Manifests
            .Where(manifest => manifest.Kind == Kind && !unknown.Contains(manifest.Urn))
            .SelectMany(manifest => (manifest.Content["spec"]?["data"]?.AsArray() ?? [])
                .Select(entry => (manifest.Cloud, Name: Text(entry?["remoteRef"]?["key"]), Entry: Text(entry?["remoteRef"]?["property"]))))
            .GroupBy(entry => (entry.Cloud, entry.Name))
            .Where(entries => !filled.Contains(entries.Key))
            .OrderBy(entries => entries.Key)
            .Select(entries => $"  {entries.Key.Cloud}: {entries.Key.Name}: {string.Join(", ", entries.Select(entry => entry.Entry))}")];
        return secrets.Length == 0
            ? []
            : ["pods wait for the values of these secrets in the cloud's store, each one JSON object with the entries that are named; put in what is not there yet", .. secrets];
    }

    /// <summary>What the program puts a value into by itself: whoever put in another would lock the pods out.</summary>
    private static IEnumerable<(string Cloud, string Name)> Filled(IReadOnlyList<PlannedResource> plan)
    {
        Dictionary<string, PlannedResource> byUrn = plan.ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        return from version in plan
               where version.Type.EndsWith(":SecretVersion", StringComparison.Ordinal)
               from urn in version.Dependencies
               where byUrn.ContainsKey(urn)
               let secret = byUrn[urn]
               where secret.Type.EndsWith("/secret:Secret", StringComparison.Ordinal)
               let name = secret.Inputs.Find("secretId") ?? secret.Inputs.Find("name")
               where name is PropertyString
               select (secret.Type.Split(':')[0], ((PropertyString)name).Value);
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
