using System.Text.Json.Nodes;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Cli.Kubernetes;

/// <summary>
/// Reads one object's inputs. What is unknown before a deployment, or secret, is replaced by a value that its field can hold, so that
/// every reader of the file takes it for an object; both are recorded.
/// </summary>
/// <param name="resource">The planned object.</param>
internal sealed class ManifestValues(PlannedResource resource)
{
    // RFC 5737 and RFC 2606 keep these for documentation: a placeholder that was applied by mistake reaches nobody.
    private const string DocumentationNetwork = "192.0.2.0/32";
    private const int LabelLength = 63;

    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        "replicas", "port", "targetPort", "nodePort", "containerPort", "hostPort", "minReplicas", "maxReplicas", "runAsUser", "runAsGroup", "fsGroup",
        "averageUtilization", "weight", "priority", "value", "backoffLimit", "completions", "parallelism", "number", "failureThreshold", "successThreshold",
    };

    private static readonly HashSet<string> Networks = new(StringComparer.Ordinal) { "cidr", "except", "loadBalancerSourceRanges" };
    private static readonly HashSet<string> Quantities = new(StringComparer.Ordinal) { "requests", "limits", "hard", "capacity", "default", "defaultRequest" };
    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "labels", "annotations", "data", "stringData", "binaryData", "matchLabels", "nodeSelector", "parameters", "requests", "limits", "hard",
    };

    private readonly List<ReplacedValue> _unknowns = [];
    private readonly List<ReplacedValue> _secrets = [];

    /// <summary>What was unknown.</summary>
    public IReadOnlyList<ReplacedValue> Unknowns => _unknowns;

    /// <summary>What was secret.</summary>
    public IReadOnlyList<ReplacedValue> Secrets => _secrets;

    /// <summary>The object.</summary>
    public JsonObject Read()
    {
        JsonObject content = [];
        foreach ((string name, PropertyValue value) in resource.Inputs.Where(input => !input.Key.StartsWith("__", StringComparison.Ordinal)))
        {
            IReadOnlyList<string> sources = resource.PropertyDependencies.TryGetValue(name, out var urns) ? [.. urns.Select(NameOf).Distinct()] : [];
            if (Node([name], value, sources) is { } node)
            {
                content[name] = node;
            }
        }

        return content;
    }

    private JsonNode? Node(IReadOnlyList<string> path, PropertyValue value, IReadOnlyList<string> sources)
    {
        switch (value)
        {
            case PropertySecret or PropertyOutput { IsSecret: true }:
                return Replace(_secrets, "secret", path, sources);
            case PropertyUnknown or PropertyOutput { Value: null }:
                return Replace(_unknowns, "unknown", path, sources);
            case PropertyOutput output:
                return Node(path, output.Value!, sources);
            case PropertyMap map:
                JsonObject members = [];
                foreach ((string name, PropertyValue member) in map)
                {
                    if (Node([.. path, name], member, sources) is { } node)
                    {
                        members[name] = node;
                    }
                }

                return members;
            case PropertyList list:
                return new JsonArray([.. list.Select((item, index) => Node([.. path, $"[{index}]"], item, sources))]);
            case PropertyString text:
                return text.Value;
            case PropertyBoolean flag:
                return flag.Value;
            case PropertyNumber number when number.Value == Math.Truncate(number.Value) && Math.Abs(number.Value) < 1e15:
                return (long)number.Value;
            case PropertyNumber number:
                return number.Value;
            default:
                return null;
        }
    }

    private JsonNode Replace(List<ReplacedValue> recorded, string word, IReadOnlyList<string> path, IReadOnlyList<string> sources)
    {
        JsonNode placeholder = Placeholder(word, path, sources);
        recorded.Add(new ReplacedValue(resource.Urn, string.Join('.', path).Replace(".[", "[", StringComparison.Ordinal), placeholder.ToJsonString().Trim('"'), sources));
        return placeholder;
    }

    private JsonNode Placeholder(string word, IReadOnlyList<string> path, IReadOnlyList<string> sources)
    {
        string[] names = [.. path.Where(step => step[0] != '[')];
        string field = names[^1];
        string above = names.Length > 1 ? names[^2] : "";
        bool isEntry = path[^1][0] == '[';
        if (resource.Type.EndsWith(":Secret", StringComparison.Ordinal) && above == "data")
        {
            return Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(word));
        }

        if (above is "data" or "stringData" or "annotations" or "labels" or "matchLabels" or "nodeSelector" or "parameters")
        {
            return Label(word, sources);
        }

        if (Networks.Contains(field))
        {
            return isEntry || field == "cidr" ? DocumentationNetwork : new JsonArray(DocumentationNetwork);
        }

        if (Quantities.Contains(above) || field is "sizeLimit" or "averageValue")
        {
            return "1";
        }

        // `value` of a container's variable is a text, that of a priority class a number.
        bool isVariable = names.Contains("env");
        if ((Numbers.Contains(field) && !isVariable) || field.EndsWith("Seconds", StringComparison.Ordinal))
        {
            return 1;
        }

        if (Maps.Contains(field) && !isEntry)
        {
            return new JsonObject();
        }

        if (!isEntry && field is "metadata" or "spec" or "template" or "securityContext" or "resources")
        {
            return new JsonObject();
        }

        if (!isEntry && field is "args" or "command" or "containers" or "env" or "hosts" or "rules" or "subjects" or "ports" or "volumes" or "ingress" or "egress" or "tolerations")
        {
            return new JsonArray();
        }

        return field is "suspend" or "immutable" or "readOnly" or "automountServiceAccountToken" or "optional" or "hostNetwork" ? false : Label(word, sources);
    }

    /// <summary>A text that is a DNS label, a label's value and any other text at once, and says where it comes from.</summary>
    private static string Label(string word, IReadOnlyList<string> sources)
    {
        string source = string.Concat((sources.Count > 0 ? sources[0] : "").ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        string label = source.Length > 0 ? $"{word}-{source}" : word;
        return label[..Math.Min(LabelLength, label.Length)].Trim('-');
    }

    private static string NameOf(string urn) => urn[(urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];
}
