using System.Text.Json;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;
using YamlDotNet.RepresentationModel;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What <c>./jeju k8s render</c> writes, read as a cluster and its own client would read it.</summary>
public sealed class KubernetesManifestTests(RenderedManifests rendered) : IClassFixture<RenderedManifests>
{
    [Fact]
    [ReadmeCommand("./jeju k8s render")]
    public void There_is_a_folder_for_every_service_and_every_file_is_one_object()
    {
        string[] folders = [.. Directory.GetDirectories(rendered.Folder).Select(Path.GetFileName).OfType<string>()];
        Assert.Subset(folders.ToHashSet(), new HashSet<string> { "op-geth", "op-node", "indexer", "gateway", "bundler" });
        Assert.All(rendered.Files, file =>
        {
            JsonElement content = rendered.Read(file);
            Assert.Matches("^[A-Za-z]+$", content.GetProperty("kind").GetString());
            Assert.Matches("^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$", content.GetProperty("metadata").GetProperty("name").GetString());
            Assert.Contains(content.GetProperty("kind").GetString()!.ToLowerInvariant(), Path.GetFileName(file), StringComparison.Ordinal);
        });
    }

    [SchemaFact]
    public void Every_object_is_known_to_the_types_of_Kubernetes_and_lacks_nothing_that_is_required()
    {
        ResourceSchema schema = ResourceSchema.Load("Pulumi.Kubernetes");
        PlannedResource[] objects = [.. rendered.Index.GetProperty("files").EnumerateArray()
            .Select(file => new PlannedResource(
                file.GetProperty("urn").GetString()!, TypeOf(file.GetProperty("urn").GetString()!), rendered.Read(Path.Combine(rendered.Folder, file.GetProperty("file").GetString()!)), default))];
        PlannedResource[] known = [.. objects.Where(planned => schema.Knows(planned.Type))];

        // What is left are custom objects, whose definitions come with the operators.
        Assert.True(known.Length > 50, $"only {known.Length} of {objects.Length} objects are of types that Kubernetes has");
        Assert.Empty(known.SelectMany(schema.Problems));
    }

    [Fact]
    public void No_secret_is_in_clear_and_what_is_unknown_is_listed()
    {
        Assert.NotEmpty(rendered.Index.GetProperty("unknowns").EnumerateArray());
        Assert.All(rendered.Index.GetProperty("unknowns").EnumerateArray(), unknown => Assert.NotEqual("", unknown.GetProperty("placeholder").GetString()));
        Assert.All(rendered.Files.Where(file => rendered.Read(file).GetProperty("kind").GetString() == "Secret"), file =>
        {
            foreach (JsonProperty value in new[] { "data", "stringData" }
                .Where(name => rendered.Read(file).TryGetProperty(name, out _))
                .SelectMany(name => rendered.Read(file).GetProperty(name).EnumerateObject()))
            {
                Assert.Matches("^(c2VjcmV0|dW5rbm93bg==|secret|unknown).*$", value.Value.GetString());
            }
        });
    }

    [KubectlFact]
    public async Task Kubectl_reads_every_file()
    {
        CommandRun run = await RenderedManifests.RunAsync(new ChildProcessStart("kubectl", "label", "--local", "-R", "-f", rendered.Folder, "read=by-kubectl", "-o", "name")
        {
            Environment = new Dictionary<string, string?> { ["KUBECONFIG"] = "/nonexistent" },
        });

        Assert.Equal(rendered.Files.Count, run.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static string TypeOf(string urn) => urn.Split("::")[2].Split('$')[^1];
}

/// <summary>A test that needs Kubernetes' own client.</summary>
public sealed class KubectlFactAttribute : FactAttribute
{
    /// <summary>Skips where it is absent.</summary>
    public KubectlFactAttribute() =>
        Skip = ChildProcess.Find("kubectl", Environment.GetEnvironmentVariable("PATH")) is null ? "kubectl is not on the PATH (Debian: kubernetes-client)" : null;
}

/// <summary>The manifests of testnet, rendered once by the real script without cluster or network.</summary>
public sealed class RenderedManifests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.Combine(Directory.CreateTempSubdirectory("jeju-manifests-").FullName, "testnet");

    /// <summary>Its files.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>Its index.</summary>
    public JsonElement Index { get; private set; }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        CommandRun run = await RunAsync(new ChildProcessStart(Path.Combine(JejuScript.Layout.Root, "jeju"), "k8s", "render", "--stack", "testnet", "--out", Folder, "--json")
        {
            WorkingFolder = JejuScript.Layout.Root,
            Environment = new Dictionary<string, string?> { ["JEJU_HOME"] = Path.GetDirectoryName(Folder), ["PULUMI_CONFIG_PASSPHRASE"] = "plan" },
        });
        using JsonDocument index = JsonDocument.Parse(run.Succeeded().Output);
        Index = index.RootElement.Clone();
        Files = Directory.GetFiles(Folder, "*.yaml", SearchOption.AllDirectories);
    }

    /// <summary>A file as JSON, as the API gets it.</summary>
    public JsonElement Read(string file)
    {
        YamlStream stream = new();
        using StreamReader text = File.OpenText(file);
        stream.Load(text);
        using JsonDocument document = JsonDocument.Parse(Jeju.Infra.Stacks.Settings.YamlJson.Write(Assert.Single(stream.Documents).RootNode));
        return document.RootElement.Clone();
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
        return Task.CompletedTask;
    }

    internal static async Task<CommandRun> RunAsync(ChildProcessStart start)
    {
        using CancellationTokenSource deadline = new(Deadline);
        return await CommandRun.RunAsync(start, deadline.Token);
    }
}
