using Jeju.Infra.Cli;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;
using Spectre.Console;

namespace Jeju.Infra.Tests.Cli;

/// <summary>What somebody at a terminal sees of a run while it happens, and what is left of it.</summary>
public sealed class RunDisplayTests
{
    private const string ChainType = "jeju:index:LocalChain";

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Steps_that_run_have_a_row_with_their_time_and_what_they_wait_for()
    {
        using TerminalScreen screen = new(80);
        await ShowAsync(screen, height: 24, async events =>
        {
            events.OnEvent(new StepStarted(Step("chain")));
            await screen.ShowsAsync(shown => shown.Text.Contains("chain", StringComparison.Ordinal));
            _time.Advance(TimeSpan.FromSeconds(1.2));
            events.OnEvent(new StepStarted(Step("postgres")));
            events.OnEvent(new Diagnostic(DiagnosticSeverity.Info, Step("chain").Urn, "starting Anvil\non port 8545", IsEphemeral: true));
            await screen.ShowsAsync(shown => shown.Text ==
                "+ creating chain (jeju:LocalChain)     1.2 s  starting Anvil on port 8545\n+ creating postgres (jeju:LocalChain)  0.0 s");
            Assert.False(screen.ShowsCursor, "the cursor is shown in the middle of the rows");

            // Nothing happens but that time passes.
            _time.Advance(TimeSpan.FromSeconds(9));
            await screen.ShowsAsync(shown => shown.Rows is [var chain, var postgres]
                && chain.Contains(" 10.2 s  starting Anvil", StringComparison.Ordinal) && postgres.EndsWith("   9.0 s", StringComparison.Ordinal));

            events.OnEvent(new StepFinished(Step("chain"), TimeSpan.FromSeconds(10.2)));
            await screen.ShowsAsync(shown => shown.Text == "+ created chain (jeju:LocalChain)  10.2 s\n+ creating postgres (jeju:LocalChain)  9.0 s");
            events.OnEvent(new StepFinished(Step("postgres"), TimeSpan.FromSeconds(9)));
        });

        Assert.Equal("+ created chain (jeju:LocalChain)  10.2 s\n+ created postgres (jeju:LocalChain)  9.0 s", screen.Text);
        Assert.True(screen.ShowsCursor, "the cursor is still hidden");
    }

    // The console's own live display cannot paint what is empty: every run on a terminal ended there.
    [Fact]
    public async Task Before_the_first_step_and_between_two_the_run_is_seen_to_be_at_work()
    {
        using TerminalScreen screen = new(80);
        await ShowAsync(screen, height: 24, async events =>
        {
            await screen.ShowsAsync(shown => shown.Text == "at work  0.0 s");
            events.OnEvent(new RunStarted(RunOperation.Up, "jeju-infra", "mainnet", IsPreview: true));
            _time.Advance(TimeSpan.FromSeconds(2.5));
            await screen.ShowsAsync(shown => shown.Text == "planning  2.5 s");

            // The steps of a preview are its result; none is shown while it is made.
            events.OnEvent(new StepStarted(Step("chain")));
            events.OnEvent(new StepFinished(Step("chain"), TimeSpan.Zero));
            _time.Advance(TimeSpan.FromSeconds(1));
            await screen.ShowsAsync(shown => shown.Text == "planning  3.5 s");
        });

        Assert.Equal(string.Empty, screen.Text);
        Assert.True(screen.ShowsCursor);
    }

    [Fact]
    public async Task On_a_narrow_terminal_no_row_is_wrapped_and_what_is_waited_for_has_its_own()
    {
        const string Remedy = "pulumi import jeju:index:ProvisionedNode postgres 0x4fd0c1c7e1a5 --parent urn:pulumi:localnet::jeju-infra";
        using TerminalScreen screen = new(40);
        await ShowAsync(screen, height: 24, async events =>
        {
            events.OnEvent(new StepStarted(Step("chain")));
            events.OnEvent(new StepStarted(Step("a-service-with-a-long-name")));
            events.OnEvent(new Diagnostic(DiagnosticSeverity.Info, Step("chain").Urn, "waiting for Anvil on port 8545 to answer", IsEphemeral: true));
            await screen.ShowsAsync(shown => shown.Text ==
                "+ creating chain (jeju:LocalCha…  0.0 s\n    waiting for Anvil on port 8545 to…\n+ creating a-service-with-a-lon…  0.0 s");

            // What stays is not cut, and no line end breaks it that was never said.
            events.OnEvent(new Diagnostic(DiagnosticSeverity.Warning, "", Remedy));
            await screen.ShowsAsync(shown => shown.Text.Replace("\n", "", StringComparison.Ordinal).StartsWith($"  warning {Remedy}+ creating", StringComparison.Ordinal));
        });

        Assert.Equal($"  warning {Remedy}", string.Concat(screen.Rows));
    }

    [Fact]
    public async Task More_steps_than_the_terminal_has_rows_are_counted()
    {
        using TerminalScreen screen = new(80);
        await ShowAsync(screen, height: 10, async events =>
        {
            foreach (int number in Enumerable.Range(1, 30))
            {
                events.OnEvent(new StepStarted(Step($"service-{number}")));
            }

            await screen.ShowsAsync(shown => shown.Rows is [.., "… 30 at work"]);
            Assert.Equal(8, screen.Rows.Count);
            _time.Advance(TimeSpan.FromSeconds(1));
            await screen.ShowsAsync(shown => shown.Rows is [var first, .., "… 30 at work"] && first.EndsWith("1.0 s", StringComparison.Ordinal));
            Assert.InRange(screen.DeepestReturn, 1, 9);
        });

        Assert.Equal(string.Empty, screen.Text);
    }

    [Fact]
    public async Task A_step_that_fails_is_told_with_its_time_and_the_others_go_on()
    {
        using TerminalScreen screen = new(80);
        await ShowAsync(screen, height: 24, async events =>
        {
            events.OnEvent(new StepStarted(Step("chain")));
            events.OnEvent(new StepStarted(Step("redis")));
            events.OnEvent(new StepFailed(Step("redis"), new InfraException(new ErrorCode(1), "no", "none"), TimeSpan.FromSeconds(3)));
            await screen.ShowsAsync(shown => shown.Text == "! creating redis (jeju:LocalChain) failed  3.0 s\n+ creating chain (jeju:LocalChain)  0.0 s");
            events.OnEvent(new StepFinished(Step("chain"), TimeSpan.FromSeconds(4)));
        });

        Assert.Equal(["! creating redis (jeju:LocalChain) failed  3.0 s", "+ created chain (jeju:LocalChain)  4.0 s"], screen.Rows);
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_row_behind_and_shows_the_cursor()
    {
        using TerminalScreen screen = new(80);

        await Assert.ThrowsAsync<OperationCanceledException>(() => ShowAsync(screen, height: 24, async events =>
        {
            events.OnEvent(new StepStarted(Step("chain")));
            await screen.ShowsAsync(shown => shown.Text.StartsWith("+ creating chain", StringComparison.Ordinal));
            throw new OperationCanceledException();
        }));

        Assert.Equal(string.Empty, screen.Text);
        Assert.True(screen.ShowsCursor, "the cursor is still hidden");
    }

    private async Task ShowAsync(TerminalScreen screen, int height, Func<IEngineEvents, Task> run)
    {
        IAnsiConsole talk = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.EightBit,
            Out = new AnsiConsoleOutput(screen),
        });
        talk.Profile.Width = screen.Width;
        talk.Profile.Height = height;
        CommandContext context = new()
        {
            Output = TextWriter.Null,
            Page = talk,
            Talk = talk,
            Input = TextReader.Null,
            CanAsk = false,
            Time = _time,
            ReadEnvironment = _ => null,
            FindLayout = () => throw new NotSupportedException(),
        };
        await new RunDisplay(context).ShowAsync(async events =>
        {
            await run(events);
            return new RunResult
            {
                Operation = RunOperation.Up,
                IsPreview = false,
                Failures = [],
                Steps = [],
                Outputs = PropertyMap.Empty,
                OldOutputs = PropertyMap.Empty,
                Registered = [],
                PlanOnlyPackages = [],
                Elapsed = TimeSpan.Zero,
            };
        });
    }

    private static ResourceStep Step(string name) => new(StepOperation.Create, $"urn:pulumi:localnet::jeju-infra::{ChainType}::{name}", null, null, []);
}
