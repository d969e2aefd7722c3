using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>
/// The plan of a stack as files that were looked at once: one for each component of each cloud, so that a change is read where it belongs and two
/// changes seldom meet. What no plan knows is written as the output that it comes from.
/// </summary>
internal static class GoldenPlan
{
    /// <summary>Set to 1, the plans of this run become the golden ones. Continuous integration never sets it.</summary>
    private const string AcceptVariable = "JEJU_ACCEPT_GOLDEN";

    /// <summary>Options that follow from the library's version, and say nothing about the stack.</summary>
    private static readonly HashSet<string> Skipped = ["version", "additionalSecretOutputs", "aliases"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares a plan with its golden files.</summary>
    public static void Verify(string stack, IReadOnlyList<PlannedResource> plan)
    {
        string folder = Path.Combine(JejuScript.Layout.Root, "tests", "Jeju.Infra.EndToEnd", "Golden", stack);
        Dictionary<string, string> files = plan
            .Where(resource => resource.Type != "pulumi:pulumi:Stack")
            .GroupBy(FileOf)
            .ToDictionary(file => file.Key, Render);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            Accept(folder, files);
        }

        Dictionary<string, string> golden = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.plan.json", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText)
            : [];
        List<string> differences = [];
        foreach (string name in golden.Keys.Union(files.Keys).Order(StringComparer.Ordinal))
        {
            string[] expected = golden.GetValueOrDefault(name, string.Empty).Split('\n');
            string[] actual = files.GetValueOrDefault(name, string.Empty).Split('\n');
            int line = Enumerable.Range(0, Math.Max(expected.Length, actual.Length)).FirstOrDefault(index => expected.ElementAtOrDefault(index) != actual.ElementAtOrDefault(index), -1);
            if (line >= 0)
            {
                differences.Add($"{stack}/{name}, line {line + 1}:\n- {expected.ElementAtOrDefault(line)}\n+ {actual.ElementAtOrDefault(line)}");
            }
        }

        Assert.True(
            differences.Count == 0,
            $"{string.Join('\n', differences)}\nIf the changes are meant: {AcceptVariable}=1 ./jeju test e2e, and look at the difference before committing it.");
    }

    private static void Accept(string folder, Dictionary<string, string> files)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach ((string name, string text) in files)
        {
            string file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    /// <summary>The outermost component of ours says where a resource belongs: <c>jeju:aws:Network</c> is <c>aws/network</c>.</summary>
    private static string FileOf(PlannedResource resource)
    {
        string[] types = resource.Urn.Split("::")[2].Split('$');
        string[] component = types[0].Split(':');
        return component is ["jeju", not "index", _]
            ? $"{component[1]}/{component[2].ToLowerInvariant()}.plan.json"
            : $"{(component[0] == "pulumi" ? "providers" : component[0])}.plan.json";
    }

    private static string Render(IEnumerable<PlannedResource> resources)
    {
        JsonObject file = [];
        foreach (PlannedResource resource in resources.OrderBy(resource => $"{resource.Type} {resource.Name}", StringComparer.Ordinal))
        {
            JsonObject entry = (JsonObject)Short(JsonNode.Parse(resource.Inputs.GetRawText()))!;
            if (resource.Type == "jeju:index:ContractSuite")
            {
                // What is compiled has its own tests, and changes with every line of a contract.
                entry.Remove("code");
            }

            JsonObject options = JsonNode.Parse(resource.Options.GetRawText())!.AsObject();
            foreach (string name in options.Select(option => option.Key).Where(Skipped.Contains).ToList())
            {
                options.Remove(name);
            }

            if (options.Count > 0)
            {
                entry["(options)"] = options;
            }

            file[$"{resource.Type} {resource.Name}"] = entry;
        }

        return file.ToJsonString(Indented) + "\n";
    }

    private static JsonNode? Short(JsonNode? node) => node switch
    {
        JsonObject map when map["$unknown"] is JsonObject unknown => JsonValue.Create(
            unknown["sources"] is JsonArray sources ? string.Join(" + ", sources.Select(source => Source(source!.AsObject())).Order(StringComparer.Ordinal)) : Source(unknown)),
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Short(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Short)]),
        JsonValue value when value.TryGetValue(out string? text) && text.StartsWith('{') && text.EndsWith('}') => Document(text),
        _ => node?.DeepClone(),
    };

    /// <summary>A document inside a text is read better as one.</summary>
    private static JsonNode Document(string text)
    {
        try
        {
            return JsonNode.Parse(text)!;
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static string Source(JsonObject source)
    {
        if (source["urn"]?.GetValue<string>() is not string urn)
        {
            return "(unknown)";
        }

        string[] parts = urn.Split("::", 4);
        return $"({parts[2][(parts[2].LastIndexOf('$') + 1)..]} {parts[3]}).{source["property"]?.GetValue<string>() ?? "?"}";
    }
}
