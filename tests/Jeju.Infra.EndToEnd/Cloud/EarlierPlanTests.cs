using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>
/// <c>./jeju preview --against</c> with a real commit. The commit is made of the files that are here with other settings; its objects lie in a
/// folder of the test, so that the repository never hears of it.
/// </summary>
public sealed class EarlierPlanTests : IDisposable
{
    private const string Settings = "stacks/Pulumi.testnet.yaml";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    // Beside the checkout, so that its files can be linked instead of copied.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(JejuScript.Layout.StateFolder, "e2e", Path.GetRandomFileName())).FullName;
    private readonly Dictionary<string, string?> _environment = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [ReadmeCommand("./jeju preview --stack testnet --against main --markdown")]
    public async Task ChangedSettingsShowAsExactlyThoseChanges()
    {
        using CancellationTokenSource deadline = new(Deadline);
        string now = await File.ReadAllTextAsync(Path.Combine(JejuScript.Layout.Root, Settings), deadline.Token);
        string then = now
            .Replace("      - 203.0.113.0/24\n", "      - 198.51.100.0/24\n", StringComparison.Ordinal)
            .Replace("    region: eu-west-1\n", "    region: eu-west-1\n    nodeGroups:\n      general:\n        machineType: t3.large\n        minimum: 1\n", StringComparison.Ordinal)
            .Replace("  jeju-infra:services:\n", "  jeju-infra:chainServices:\n    kmsReplicas: 5\n  jeju-infra:services:\n", StringComparison.Ordinal);
        string commit = await CommitAsync(Settings, then, deadline.Token);

        CommandRun preview = (await RunAsync(Preview(commit), deadline.Token)).Succeeded();

        string[] changes = [.. preview.Output.Split('\n').SkipWhile(line => line != "```diff").Skip(1).TakeWhile(line => line != "```")];
        Assert.Equal(
            [
                "! jeju-testnet (aws:eks/cluster:Cluster)",
                "-     vpcConfig.publicAccessCidrs[0]: \"198.51.100.0/24\"",
                "+     vpcConfig.publicAccessCidrs[0]: \"203.0.113.0/24\"",
                "! jeju-testnet-general (aws:eks/nodeGroup:NodeGroup)",
                "-     instanceTypes[0]: \"t3.large\"",
                "+     instanceTypes[0]: \"t3.xlarge\"",
                "-     scalingConfig.desiredSize: 1",
                "+     scalingConfig.desiredSize: 2",
                "-     scalingConfig.minSize: 1",
                "+     scalingConfig.minSize: 2",
                "! jeju-testnet-aws-messaging-kms (kubernetes:apps/v1:Deployment)",

                // Two minutes of patience for each replica, and ten besides.
                "-     (options).customTimeouts.create: 1200",
                "+     (options).customTimeouts.create: 840",
                "-     (options).customTimeouts.update: 1200",
                "+     (options).customTimeouts.update: 840",
                "-     spec.replicas: 5",
                "+     spec.replicas: 2",
            ],
            changes);
        Assert.Contains($"### Plan of testnet against {commit}", preview.Output, StringComparison.Ordinal);
        Assert.Contains("#### Policy: 0 refused", preview.Output, StringComparison.Ordinal);
    }

    /// <summary>
    /// What a commit with other sources plans comes from a checkout of its own. Building that takes longer than a test may: here it lies there built,
    /// with a setting that neither the commit nor this checkout has, so that nothing else can have planned it.
    /// </summary>
    [Fact]
    public async Task ChangedSourcesArePlannedByTheOtherCommitsOwnProgram()
    {
        const string Source = "components/Contracts/NetworkContracts.cs";
        using CancellationTokenSource deadline = new(Deadline);
        RepositoryLayout here = JejuScript.Layout;
        string commit = await CommitAsync(Source, await File.ReadAllTextAsync(Path.Combine(here.Root, Source), deadline.Token) + "// other\n", deadline.Token);
        RepositoryLayout there = new(Path.Combine(_folder, "state", "against", $"{commit}.tree"));
        Directory.CreateDirectory(there.ContractsFolder);
        string[] parts = ["Pulumi.yaml", "stacks", "artifacts/bin/Jeju.Infra.Provider", "artifacts/bin/Jeju.Infra.Stacks", "src/Jeju.Infra.Provider/pulumi-resource-jeju"];
        (await RunAsync(new ChildProcessStart("cp", ["-al", "--parents", .. parts, there.Root]), deadline.Token)).Succeeded();
        string settings = await File.ReadAllTextAsync(here.StackSettingsFile("testnet"), deadline.Token);
        File.Delete(there.StackSettingsFile("testnet"));
        await File.WriteAllTextAsync(
            there.StackSettingsFile("testnet"), settings.Replace("monthlyBudget: 9000", "monthlyBudget: 7000", StringComparison.Ordinal), deadline.Token);
        await File.WriteAllTextAsync(there.Root + ".built", string.Empty, deadline.Token);

        CommandRun preview = (await RunAsync(Preview(commit), deadline.Token)).Succeeded();

        string[] changes = [.. preview.Output.Split('\n').SkipWhile(line => line != "```diff").Skip(1).TakeWhile(line => line != "```")];
        Assert.Equal(["-     limitAmount: \"7000\"", "+     limitAmount: \"9000\""], changes.Where(line => line.Contains("limitAmount", StringComparison.Ordinal)));

        // The contracts are the same, so their compiled code is this checkout's.
        Assert.Equal(here.ContractArtifactsFolder, new DirectoryInfo(there.ContractArtifactsFolder).LinkTarget);
    }

    [Fact]
    public async Task ACommitThatDoesNotBuildIsNamedWithWhatTheCompilerSaid()
    {
        const string Source = "components/Contracts/NetworkContracts.cs";
        using CancellationTokenSource deadline = new(Deadline);
        string commit = await CommitAsync(Source, "no C#\n", deadline.Token);
        string tree = Path.Combine(_folder, "state", "against", $"{commit}.tree");
        Directory.CreateDirectory(tree);
        await File.WriteAllTextAsync(tree + ".out", string.Empty, deadline.Token);

        CommandRun preview = await RunAsync(Preview(commit), deadline.Token);

        preview.FailedWith(1, "JEJU0825");
        Assert.Contains("MSB1009", preview.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(tree + ".built"));
    }

    private static ChildProcessStart Preview(string commit) =>
        new(Path.Combine(JejuScript.Layout.Root, "jeju"), "preview", "--stack", "testnet", "--against", commit, "--markdown");

    [Fact]
    public async Task ACommitThatIsNotThereIsRefusedWithAHint() =>
        (await RunAsync(new ChildProcessStart(Path.Combine(JejuScript.Layout.Root, "jeju"), "preview", "--stack", "testnet", "--against", "no-such-branch"), CancellationToken.None))
            .FailedWith(2, "JEJU0823");

    /// <summary>Commits what is here with one file changed.</summary>
    private async Task<string> CommitAsync(string path, string content, CancellationToken cancellationToken)
    {
        string objects = (await GitAsync(cancellationToken, "rev-parse", "--path-format=absolute", "--git-path", "objects")).Text;
        _environment["GIT_OBJECT_DIRECTORY"] = Directory.CreateDirectory(Path.Combine(_folder, "objects")).FullName;
        _environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = objects;
        _environment["GIT_INDEX_FILE"] = Path.Combine(_folder, "index");
        foreach (string who in new[] { "AUTHOR", "COMMITTER" })
        {
            _environment[$"GIT_{who}_NAME"] = "test";
            _environment[$"GIT_{who}_EMAIL"] = "test@localhost";
        }

        string file = Path.Combine(_folder, "changed");
        await File.WriteAllTextAsync(file, content, cancellationToken);
        await GitAsync(cancellationToken, "read-tree", "HEAD");
        await GitAsync(cancellationToken, "add", "--all", ".");
        string blob = (await GitAsync(cancellationToken, "hash-object", "-w", file)).Text;
        await GitAsync(cancellationToken, "update-index", "--cacheinfo", $"100644,{blob},{path}");
        string tree = (await GitAsync(cancellationToken, "write-tree")).Text;
        return (await GitAsync(cancellationToken, "commit-tree", tree, "-p", "HEAD", "-m", "Something else")).Text;
    }

    private async Task<CommandRun> GitAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await RunAsync(new ChildProcessStart("git", arguments), cancellationToken)).Succeeded();

    private Task<CommandRun> RunAsync(ChildProcessStart start, CancellationToken cancellationToken) => CommandRun.RunAsync(
        start with
        {
            WorkingFolder = JejuScript.Layout.Root,
            Environment = new Dictionary<string, string?>(_environment) { ["JEJU_HOME"] = Path.Combine(_folder, "state"), ["PULUMI_CONFIG_PASSPHRASE"] = "plan" },
        },
        cancellationToken);
}
