using System.Text.Json;
using Jeju.Infra.Cli;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Cli;

public sealed class DoctorTests
{
    [Fact]
    public async Task Doctor_without_any_tool_names_each_with_the_way_out()
    {
        CommandLineOutcome outcome = await new CommandLineTester()
            .With("PATH", "/nonexistent")
            .With("DOCKER_HOST", "unix:///nonexistent/docker.sock")
            .RunAsync("doctor", "--json");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        using JsonDocument findings = JsonDocument.Parse(outcome.Output);
        JsonElement psql = Finding(findings, "psql");
        Assert.False(psql.GetProperty("good").GetBoolean());
        Assert.Contains("apt-get install postgresql-client", psql.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        JsonElement docker = Finding(findings, "docker");
        Assert.Contains("/nonexistent/docker.sock: there is no such socket", docker.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Project><PropertyGroup><JejuPackages>airgap</JejuPackages></PropertyGroup></Project>", "airgap")]
    [InlineData("<Project><PropertyGroup><JejuPackages>airgap</JejuPackages><Other>true</Other></PropertyGroup></Project>", "airgap")]
    [InlineData("<Project><PropertyGroup><Other>x</Other><JejuPackages> official </JejuPackages></PropertyGroup></Project>", "official")]
    [InlineData("<Project><PropertyGroup><JejuPackages>both</JejuPackages></PropertyGroup></Project>", null)]
    [InlineData("<Project />", null)]
    [InlineData("airgap", null)]
    public async Task Doctor_reads_the_package_mode_and_nothing_else_of_its_file(string properties, string? expected)
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("jeju-doctor");
        try
        {
            string file = Path.Combine(root.CreateSubdirectory(".jeju").FullName, "packages.props");
            await File.WriteAllTextAsync(file, properties);

            JsonElement mode = await ExamineAsync(root.FullName, "package mode");

            Assert.Equal(expected is not null, mode.GetProperty("good").GetBoolean());
            Assert.StartsWith(expected is null ? file : $"{expected}: ", mode.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(expected is null, mode.GetProperty("remedy").GetString()!.Contains(file, StringComparison.Ordinal));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Doctor_passes_over_a_file_that_is_no_program()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("jeju-doctor");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "kubectl"), "a text");

            JsonElement kubectl = await ExamineAsync(folder.FullName, "kubectl", path: folder.FullName);

            Assert.StartsWith("not found", kubectl.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Doctor_tells_what_is_missing_from_what_one_may_do_without()
    {
        CommandLineOutcome outcome = await new CommandLineTester()
            .With("PATH", "/nonexistent")
            .With("DOCKER_HOST", "unix:///nonexistent/docker.sock")
            .RunAsync("doctor");

        Assert.Contains("missing   node ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("optional  kubectl ", outcome.Output, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ExamineAsync(string root, string subject, string path = "/nonexistent")
    {
        CommandLineOutcome outcome = await new CommandLineTester { FindLayout = () => new RepositoryLayout(root) }
            .With("PATH", path)
            .With("DOCKER_HOST", "unix:///nonexistent/docker.sock")
            .RunAsync("doctor", "--json");
        using JsonDocument findings = JsonDocument.Parse(outcome.Output);
        return Finding(findings, subject).Clone();
    }

    private static JsonElement Finding(JsonDocument findings, string subject) =>
        findings.RootElement.EnumerateArray().Single(finding => finding.GetProperty("subject").GetString() == subject);

    [Fact]
    public async Task Doctor_with_a_remote_docker_host_refuses_with_a_code()
    {
        CommandLineOutcome outcome = await new CommandLineTester().With("DOCKER_HOST", "tcp://192.0.2.1:2375").RunAsync("doctor");

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains("JEJU0601", outcome.Talk, StringComparison.Ordinal);
    }
}
