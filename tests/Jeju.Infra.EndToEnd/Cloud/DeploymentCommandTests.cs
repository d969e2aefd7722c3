using System.Text.Json;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>The commands that deploy and render, through the real script, without credentials, cluster or network.</summary>
public sealed class DeploymentCommandTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-deploy-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [ReadmeCommand("./jeju deploy all")]
    [ReadmeCommand("./jeju k8s deploy")]
    [ReadmeCommand("./jeju multi-cloud all")]
    public async Task A_dry_run_names_the_phases_in_their_order_and_needs_no_engine()
    {
        using JsonDocument all = await JsonAsync("deploy", "all", "--stack", "testnet", "--dry-run");
        CommandRun clusters = await RunAsync("k8s", "deploy", "--stack", "testnet", "--dry-run");
        CommandRun clouds = await RunAsync("multi-cloud", "all", "--stack", "testnet", "--dry-run");

        JsonElement[] phases = [.. all.RootElement.EnumerateArray()];
        Assert.Equal("cloud", phases[0].GetProperty("phase").GetString());
        Assert.Equal(["contracts", "marketplace", "removal"], phases[^3..].Select(phase => phase.GetProperty("phase").GetString()));
        Assert.All(phases, phase => Assert.Equal("planned", phase.GetProperty("outcome").GetString()));
        Assert.True(phases[0].GetProperty("resources").GetInt32() > 100);
        Assert.DoesNotContain("cloud  ", clusters.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("removal", clusters.Output, StringComparison.Ordinal);
        Assert.Contains("aws: jeju-testnet-op-stack-l1-endpoints: rpc, beacon\n", clusters.Error, StringComparison.Ordinal);
        Assert.StartsWith("cloud  planned", clouds.Succeeded().Output, StringComparison.Ordinal);
        Assert.DoesNotContain("contracts", clouds.Output, StringComparison.Ordinal);
    }

    [Fact]
    [ReadmeCommand("./jeju multi-cloud status")]
    [ReadmeCommand("./jeju multi-cloud failover")]
    public async Task A_failover_moves_the_sequencer_in_the_plan_and_a_dry_run_writes_nothing()
    {
        string settings = await File.ReadAllTextAsync(JejuScript.Layout.StackSettingsFile("mainnet"));
        using JsonDocument status = await JsonAsync("multi-cloud", "status", "--stack", "mainnet");
        CommandRun failover = await RunAsync("multi-cloud", "failover", "--stack", "mainnet", "--to", "gcp", "--dry-run");

        Assert.Equal(
            [("aws", true), ("gcp", false)],
            status.RootElement.EnumerateArray().Select(cloud => (cloud.GetProperty("cloud").GetString()!, cloud.GetProperty("leads").GetBoolean())));
        Assert.Contains("gcp would lead instead of aws; nothing was written", failover.Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal(settings, await File.ReadAllTextAsync(JejuScript.Layout.StackSettingsFile("mainnet")));
    }

    [Fact]
    [ReadmeCommand("./jeju k8s render")]
    public async Task A_stack_without_a_cluster_has_nothing_to_render_and_nothing_is_written()
    {
        CommandRun refused = await RunAsync("k8s", "render", "--stack", "localnet", "--out", Path.Combine(_folder, "manifests"));

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("has nothing on Kubernetes", refused.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(_folder, "manifests")));
    }

    private async Task<JsonDocument> JsonAsync(params string[] arguments) => JsonDocument.Parse((await RunAsync([.. arguments, "--json"])).Succeeded().Output);

    private async Task<CommandRun> RunAsync(params string[] arguments)
    {
        using CancellationTokenSource deadline = new(Deadline);
        return await CommandRun.RunAsync(
            new ChildProcessStart(Path.Combine(JejuScript.Layout.Root, "jeju"), arguments)
            {
                WorkingFolder = JejuScript.Layout.Root,
                Environment = new Dictionary<string, string?> { ["JEJU_HOME"] = _folder, ["PULUMI_CONFIG_PASSPHRASE"] = "plan", ["AWS_ACCESS_KEY_ID"] = null },
            },
            deadline.Token);
    }
}
