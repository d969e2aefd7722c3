using System.Text.Json;
using Jeju.Infra.Cli;

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
        JsonElement psql = findings.RootElement.EnumerateArray().Single(finding => finding.GetProperty("subject").GetString() == "psql");
        Assert.False(psql.GetProperty("good").GetBoolean());
        Assert.Contains("apt-get install postgresql-client", psql.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        JsonElement docker = findings.RootElement.EnumerateArray().Single(finding => finding.GetProperty("subject").GetString() == "docker");
        Assert.Contains("/nonexistent/docker.sock", docker.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_with_a_remote_docker_host_refuses_with_a_code()
    {
        CommandLineOutcome outcome = await new CommandLineTester().With("DOCKER_HOST", "tcp://192.0.2.1:2375").RunAsync("doctor");

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains("JEJU0601", outcome.Talk, StringComparison.Ordinal);
    }
}
