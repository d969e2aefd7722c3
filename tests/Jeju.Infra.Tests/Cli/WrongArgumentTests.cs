using Jeju.Infra.Cli;

namespace Jeju.Infra.Tests.Cli;

public sealed class WrongArgumentTests
{
    [Theory]
    [InlineData("tset", "tset")]
    [InlineData("test slow", "slow")]
    [InlineData("doctor --jsno", "--jsno")]
    [InlineData("test aws:kms/key:Key::[red]", "aws:kms/key:Key::[red]")]
    public async Task Wrong_arguments_end_with_2_a_code_and_the_argument(string commandLine, string named)
    {
        CommandLineOutcome outcome = await new CommandLineTester().RunAsync(commandLine.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.StartsWith("error JEJU0010:", outcome.Talk, StringComparison.Ordinal);
        Assert.Contains(named, outcome.Talk, StringComparison.Ordinal);
        Assert.Contains("--help", outcome.Talk, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("bogus", "There is no command 'jeju bogus'.", "discover")]
    [InlineData("localnet statsu", "There is no command 'jeju localnet statsu'.", "start, stop, status")]
    public async Task An_unknown_command_is_named_with_those_that_there_are(string commandLine, string problem, string known)
    {
        CommandLineOutcome outcome = await new CommandLineTester().RunAsync(commandLine.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.StartsWith($"error JEJU0010: {problem}\n", outcome.Talk, StringComparison.Ordinal);
        Assert.Contains(known, outcome.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_user_is_an_error_with_a_code_and_a_way_out()
    {
        CommandLineTester tester = new() { FindLayout = () => throw new UnauthorizedAccessException("Access to the path '/root/.jeju' is denied.") };

        CommandLineOutcome outcome = await tester.RunAsync("doctor");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.StartsWith("error JEJU0819: Access to the path '/root/.jeju' is denied.", outcome.Talk, StringComparison.Ordinal);
        Assert.Contains("chown", outcome.Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("preview --offline --online", "--offline and --online exclude each other.")]
    [InlineData("preview --json --markdown", "--json and --markdown exclude each other.")]
    [InlineData("images build --tag registry.example/agent:1", "--tag names one image, and several are built.")]
    [InlineData("images build dws-agent --tag registry.example:5000/agent", "names no tag")]
    [InlineData("images build bitcoin", "The kind 'bitcoin' has no recipe in images/.")]
    public async Task Options_that_contradict_each_other_are_refused(string commandLine, string problem)
    {
        CommandLineOutcome outcome = await new CommandLineTester().RunAsync(commandLine.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains(problem, outcome.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_data_and_succeeds()
    {
        CommandLineOutcome outcome = await new CommandLineTester().RunAsync("--help");

        Assert.Equal(ExitCode.Done, outcome.ExitCode);
        Assert.Contains("doctor", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(outcome.Talk);
    }
}
