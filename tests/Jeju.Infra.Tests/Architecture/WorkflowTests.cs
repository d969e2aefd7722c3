using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Jeju.Infra.Cli;
using Jeju.Infra.Tests.Cli;
using YamlDotNet.RepresentationModel;

namespace Jeju.Infra.Tests.Architecture;

/// <summary>The workflows of continuous integration: what they run exists, and what they may do is little.</summary>
public sealed partial class WorkflowTests
{
    /// <summary>What a job may write, by workflow; everything else reads.</summary>
    private static readonly Dictionary<string, string[]> Writes = new()
    {
        ["plan-comment.yml"] = ["pull-requests"], ["preview.yml"] = ["id-token"], ["deploy.yml"] = ["id-token"],
    };

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.yml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Checkout.Layout.Root, ".github", "workflows");

    [Fact]
    public void Tests_plan_comment_preview_and_deployment_are_there() =>
        Assert.Equal(["deploy.yml", "plan-comment.yml", "plan.yml", "preview.yml", "tests.yml"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_command_exists_and_is_in_the_readme(string file)
    {
        var readme = TableRow().Matches(File.ReadAllText(Path.Combine(Checkout.Layout.Root, "README.md"))).Select(row => row.Groups["command"].Value).ToHashSet();
        var commands = Steps(file).SelectMany(step => JejuLine().Matches(Text(step, "run") ?? "")).Select(line => line.Groups["arguments"].Value.Trim()).ToList();
        Assert.True(commands.Count > 0 || file == "plan-comment.yml", $"{file} runs no command");

        foreach (var command in commands)
        {
            var parsed = JejuCommandLine.Build(CommandLineTester.Context()).Parse(command.Replace("\"", "", StringComparison.Ordinal));
            Assert.True(parsed.Errors.Count == 0, $"{file}: './jeju {command}': {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
            Assert.Contains("./jeju " + PathOf(parsed.CommandResult), readme);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Rights_are_the_least(string file)
    {
        var root = Root(file);
        var permissions = Assert.IsType<YamlMappingNode>(Child(root, "permissions"));
        Assert.All(permissions.Children, permission => Assert.Equal("read", permission.Value.ToString()));
        var written = Jobs(file)
            .Select(job => Child(job, "permissions"))
            .OfType<YamlMappingNode>()
            .SelectMany(job => job.Children.Where(permission => permission.Value.ToString() != "read").Select(permission => permission.Key.ToString()));
        Assert.Subset(Writes.GetValueOrDefault(file, []).ToHashSet(), written.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_action_is_pinned_by_its_commit_and_says_its_version(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, file)).Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(@"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Nothing_of_a_fork_runs_with_more_than_the_right_to_read(string file)
    {
        var triggers = Assert.IsType<YamlMappingNode>(Child(Root(file), "on")).Children.Keys.Select(key => key.ToString()).ToList();
        Assert.DoesNotContain("pull_request_target", triggers);
        if (triggers.Contains("workflow_run"))
        {
            // It has the rights of the base branch: code of the pull request must not come near it.
            Assert.DoesNotContain(Steps(file), step => Text(step, "uses")?.StartsWith("actions/checkout", StringComparison.Ordinal) == true || Text(step, "run") is not null);
        }

        foreach (var job in triggers.Contains("pull_request") ? Jobs(file) : [])
        {
            var usesSecrets = job.ToString().Contains("secrets.", StringComparison.Ordinal) || Child(job, "permissions")?.ToString().Contains("write", StringComparison.Ordinal) == true;
            Assert.True(!usesSecrets || Text(job, "if")?.Contains("head.repo.full_name == github.repository", StringComparison.Ordinal) == true, $"{file}: a fork would see a secret");
        }

        Assert.All(Steps(file), step =>
        {
            // An expression inside a script is code that a branch's name can write.
            Assert.DoesNotContain("${{", Text(step, "run") ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain("|| true", Text(step, "run") ?? "", StringComparison.Ordinal);
            Assert.Null(Child(step, "continue-on-error"));
            if (Text(step, "uses")?.StartsWith("actions/checkout", StringComparison.Ordinal) == true)
            {
                Assert.Equal("false", Text(Assert.IsType<YamlMappingNode>(Child(step, "with")), "persist-credentials"));
            }
        });
    }

    [Fact]
    public void Each_stack_is_deployed_in_an_environment_of_its_own_and_mainnet_after_testnet()
    {
        var jobs = Assert.IsType<YamlMappingNode>(Child(Root("deploy.yml"), "jobs"));
        var mainnet = Assert.IsType<YamlMappingNode>(Child(jobs, "mainnet"));
        Assert.Equal(("testnet", "mainnet", "testnet"), (Text(Assert.IsType<YamlMappingNode>(Child(jobs, "testnet")), "environment"), Text(mainnet, "environment"), Text(mainnet, "needs")));
    }

    private static YamlMappingNode Root(string file)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Path.Combine(Folder, file));
        stream.Load(text);
        return Assert.IsType<YamlMappingNode>(stream.Documents[0].RootNode);
    }

    private static IEnumerable<YamlMappingNode> Jobs(string file) => Assert.IsType<YamlMappingNode>(Child(Root(file), "jobs")).Children.Values.Cast<YamlMappingNode>();

    private static List<YamlMappingNode> Steps(string file) =>
        [.. Jobs(file).SelectMany(job => Assert.IsType<YamlSequenceNode>(Child(job, "steps")).Children).Cast<YamlMappingNode>()];

    private static YamlNode? Child(YamlMappingNode map, string name) => map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static string? Text(YamlMappingNode map, string name) => (Child(map, name) as YamlScalarNode)?.Value;

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult { Parent: not null } parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;

    [GeneratedRegex(@"(?:^|\s)\./jeju (?<arguments>[^>|\n]*)")]
    private static partial Regex JejuLine();

    [GeneratedRegex(@"^\| `(?<command>\./jeju[^`]*)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
