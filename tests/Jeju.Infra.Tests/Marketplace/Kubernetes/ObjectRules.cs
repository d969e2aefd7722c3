using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>
/// What the API server, and the restricted standard of pod security, ask of the objects that a lease is made of. An object of a form that no rule here knows is refused. The names of all fields are held
/// against the official types by a test of the end-to-end ring.
/// </summary>
internal static partial class ObjectRules
{
    private static readonly Dictionary<string, (string ApiVersion, string Kind, string[] Fields)> Forms = new(StringComparer.Ordinal)
    {
        ["persistentvolumeclaims"] = ("v1", "PersistentVolumeClaim", ["spec"]),
        ["secrets"] = ("v1", "Secret", ["type", "immutable", "data"]),
        ["services"] = ("v1", "Service", ["spec"]),
        ["statefulsets"] = ("apps/v1", "StatefulSet", ["spec"]),
        ["networkpolicies"] = ("networking.k8s.io/v1", "NetworkPolicy", ["spec"]),
    };

    /// <summary>All that is wrong with a manifest.</summary>
    public static IReadOnlyList<string> Problems(string plural, string @namespace, string name, JsonObject manifest)
    {
        if (!Forms.TryGetValue(plural, out (string ApiVersion, string Kind, string[] Fields) form))
        {
            return [$"nobody applies {plural}"];
        }

        List<string> problems = [];
        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }

        Require((Text(manifest["apiVersion"]), Text(manifest["kind"])) == (form.ApiVersion, form.Kind), "apiVersion or kind is not the path's");
        Require((Text(manifest["metadata"]?["namespace"]), Text(manifest["metadata"]?["name"])) == (@namespace, name), "name or namespace is not the path's");
        Require(Name().IsMatch(name), $"{name} is no name of a service");
        string[] unknown = [.. manifest.Select(field => field.Key).Except([.. form.Fields, "apiVersion", "kind", "metadata"])];
        Require(unknown.Length == 0, $"unknown fields: {string.Join(", ", unknown)}");
        problems.AddRange(Labels(manifest["metadata"]));
        switch (plural)
        {
            case "secrets":
                Require(manifest["data"]!.AsObject().All(entry => Key().IsMatch(entry.Key) && Convert.FromBase64String(Text(entry.Value)!) is not null), "data is not base64 by key");
                break;
            case "persistentvolumeclaims":
                Require(Quantity().IsMatch(Text(manifest["spec"]!["resources"]!["requests"]!["storage"])!), "the size is no quantity");
                Require(manifest["spec"]!["accessModes"]!.AsArray().All(mode => Text(mode) == "ReadWriteOncePod"), "more than one pod may write");
                break;
            case "services":
                Require(Text(manifest["spec"]!["type"]) == "ClusterIP", "the quota of the namespace allows neither node ports nor load balancers");
                Require(manifest["spec"]!["ports"]!.AsArray().Count > 0, "no port");
                break;
            case "networkpolicies":
                Require(manifest["spec"]!["policyTypes"]!.AsArray().Select(Text).SequenceEqual(["Ingress", "Egress"]), "a direction is not named, and so open");
                Require(Count(manifest["spec"]!["podSelector"]) > 0, "the policy of a lease is one for every pod");
                break;
            default:
                problems.AddRange(Set(manifest["spec"]!));
                break;
        }

        return problems;
    }

    private static IEnumerable<string> Set(JsonNode spec)
    {
        JsonNode template = spec["template"]!;
        JsonObject labels = template["metadata"]!["labels"]!.AsObject();
        foreach (string problem in Labels(template["metadata"]))
        {
            yield return problem;
        }

        if (!spec["selector"]!["matchLabels"]!.AsObject().All(label => Text(labels[label.Key]) == Text(label.Value)))
        {
            yield return "selector does not match the template's labels";
        }

        JsonNode pod = template["spec"]!;
        string[] volumes = [.. pod["volumes"]!.AsArray().Select(volume => Text(volume!["name"])!)];
        foreach (JsonNode container in pod["containers"]!.AsArray().OfType<JsonNode>())
        {
            string[] ports = [.. container["ports"]!.AsArray().Select(port => Text(port!["name"])!)];
            string[] probed = [.. new[] { "startupProbe", "readinessProbe", "livenessProbe" }.Select(probe => Text(container[probe]?["tcpSocket"]?["port"]) ?? probe)];
            foreach (string problem in probed.Except(ports).Select(port => $"no port {port}")
                .Concat(ports.Where(port => port.Length > 15).Select(port => $"the port's name {port} is too long"))
                .Concat(container["volumeMounts"]!.AsArray().Select(mount => Text(mount!["name"])!).Except(volumes).Select(mount => $"no volume {mount}")))
            {
                yield return problem;
            }

            bool hasQuantities = new[] { "requests", "limits" }.All(bound => new[] { "cpu", "memory" }.All(unit => Quantity().IsMatch(Text(container["resources"]?[bound]?[unit]) ?? "none")));
            if (!hasQuantities)
            {
                yield return "the quota of the namespace asks for requests and limits of every container";
            }

            if (!Digest().IsMatch(Text(container["image"])!))
            {
                yield return $"{Text(container["image"])} is no image by digest";
            }

            if (!IsRestricted(pod["securityContext"]!, container["securityContext"]!))
            {
                yield return "violates PodSecurity \"restricted\"";
            }
        }
    }

    private static bool IsRestricted(JsonNode pod, JsonNode container) =>
        pod["runAsNonRoot"]!.GetValue<bool>() && pod["runAsUser"]!.GetValue<int>() > 0 && Text(pod["seccompProfile"]!["type"]) == "RuntimeDefault"
        && !container["allowPrivilegeEscalation"]!.GetValue<bool>() && !container["privileged"]!.GetValue<bool>() && container["readOnlyRootFilesystem"]!.GetValue<bool>()
        && container["capabilities"]!["drop"]!.AsArray().Select(Text).SequenceEqual(["ALL"]);

    private static IEnumerable<string> Labels(JsonNode? metadata) =>
        from label in metadata?["labels"]?.AsObject() ?? []
        where !LabelValue().IsMatch(Text(label.Value)!) || label.Key.Length > 63
        select $"the label {label.Key}={label.Value} is too long, or not of letters, digits, '-', '_' and '.'";

    private static int Count(JsonNode? selector) => selector?["matchLabels"]?.AsObject().Count ?? 0;

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex Name();

    [GeneratedRegex("^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex("^[-._a-zA-Z0-9]+$")]
    private static partial Regex Key();

    [GeneratedRegex("^[1-9][0-9]*(m|Ki|Mi|Gi)?$")]
    private static partial Regex Quantity();

    [GeneratedRegex("^[a-z0-9./:-]+@sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();
}
