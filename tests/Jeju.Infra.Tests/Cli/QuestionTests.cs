using Jeju.Infra.Cli;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Cli;

/// <summary>Nothing that costs money is changed without a yes, and nothing waits for an answer that nobody can give.</summary>
public sealed class QuestionTests
{
    [Theory]
    [InlineData("up --stack testnet")]
    [InlineData("up --stack mainnet")]
    [InlineData("destroy --network testnet")]
    [InlineData("refresh --stack testnet")]
    [InlineData("contracts deploy --stack testnet")]
    public async Task Without_a_terminal_a_public_stack_is_left_alone(string commandLine)
    {
        CommandLineOutcome outcome = await new CommandLineTester().RunAsync(commandLine.Split(' '));

        Assert.Equal(ExitCode.Refused, outcome.ExitCode);
        Assert.Contains("error JEJU0818:", outcome.Talk, StringComparison.Ordinal);
        Assert.Contains("--yes", outcome.Talk, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("localnet", null, false)]
    [InlineData("testnet", null, true)]
    [InlineData("testnet", "testnet\n", false)]
    [InlineData("mainnet", null, true)]
    public async Task Localnet_never_asks_and_the_name_or_yes_answer_for_the_others(string stack, string? answer, bool yes) =>
        await Question.AskAsync(CommandLineTester.Context(answer), stack, "Go on?", yes, CancellationToken.None);

    [Theory]
    [InlineData("")]
    [InlineData("y\n")]
    [InlineData("yes\n")]
    [InlineData("mainnet\n")]
    public async Task Any_other_answer_than_the_stacks_name_is_a_no(string answer)
    {
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(
            () => Question.AskAsync(CommandLineTester.Context(answer), "testnet", "Go on?", yes: false, CancellationToken.None));

        Assert.Equal((new ErrorCode(818), FailureKind.Refused), (refusal.Code, refusal.Kind));
        Assert.Contains("Nothing was changed", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_command_says_so_and_how_to_go_on()
    {
        CommandLineOutcome outcome = await new CommandLineTester { Cancellation = new CancellationToken(canceled: true) }
            .With("PATH", "/nonexistent").With("DOCKER_HOST", "unix:///nonexistent/docker.sock").RunAsync("doctor");

        Assert.Equal(ExitCode.Failed, outcome.ExitCode);
        Assert.StartsWith("error JEJU0815:", outcome.Talk, StringComparison.Ordinal);
        Assert.Contains("continues where this run stopped", outcome.Talk, StringComparison.Ordinal);
    }
}
