using System.Threading.Channels;
using Jeju.Infra.Engine;
using Spectre.Console;

namespace Jeju.Infra.Cli.Display;

/// <summary>
/// Shows a run while it happens. What ended becomes a line that stays; on a terminal what is still running stands below, with the time it has
/// taken and what it waits for.
/// </summary>
internal sealed class RunDisplay(CommandContext context) : IEngineEvents
{
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly Channel<EngineEvent> _events = Channel.CreateUnbounded<EngineEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, RunningStep> _running = new(StringComparer.Ordinal);
    private readonly bool _isLive = context.Talk.Profile.Capabilities.Interactive && context.Talk.Profile.Capabilities.Ansi;
    private readonly long _started = context.Time.GetTimestamp();
    private bool _isPreview;

    /// <inheritdoc/>
    public void OnEvent(EngineEvent engineEvent) => _events.Writer.TryWrite(engineEvent);

    /// <summary>Runs something and shows its events until it ends.</summary>
    public async Task<RunResult> ShowAsync(Func<IEngineEvents, Task<RunResult>> run)
    {
        Task<RunResult> running = RunToEndAsync(run);
        if (_isLive)
        {
            using LivePart live = new(context.Talk);
            await FollowLiveAsync(live);
        }
        else
        {
            await foreach (EngineEvent engineEvent in _events.Reader.ReadAllAsync())
            {
                Take(engineEvent);
            }
        }

        return await running;
    }

    private async Task<RunResult> RunToEndAsync(Func<IEngineEvents, Task<RunResult>> run)
    {
        // The engine may work for a while before its first await; the display must be there by then.
        await Task.Yield();
        try
        {
            return await run(this);
        }
        finally
        {
            _events.Writer.Complete();
        }
    }

    private async Task FollowLiveAsync(LivePart live)
    {
        using PeriodicTimer timer = new(RedrawInterval, context.Time);
        Task<bool> next = _events.Reader.WaitToReadAsync().AsTask();
        Task<bool> tick = timer.WaitForNextTickAsync().AsTask();
        while (true)
        {
            live.Show(Picture());
            await Task.WhenAny(next, tick);
            while (_events.Reader.TryRead(out EngineEvent? engineEvent))
            {
                Take(engineEvent);
            }

            if (next.IsCompleted)
            {
                if (!await next)
                {
                    return;
                }

                next = _events.Reader.WaitToReadAsync().AsTask();
            }

            if (tick.IsCompleted)
            {
                await tick;
                tick = timer.WaitForNextTickAsync().AsTask();
            }
        }
    }

    private RunningSteps Picture() => new(
        [
            .. _running.Values.OrderBy(step => step.Started).Select(step => new RunningRow(
                StepWords.Of(step.Step.Operation), StepWords.Title(step.Step), PropertyText.Seconds(context.Time.GetElapsedTime(step.Started)), step.Waiting)),
        ],
        $"{(_isPreview ? "planning" : "at work")}  {PropertyText.Seconds(context.Time.GetElapsedTime(_started))}");

    private void Take(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case RunStarted started:
                _isPreview = started.IsPreview;
                break;
            case StepStarted { Step: var step } when IsShown(step):
                _running[step.Urn] = new RunningStep(step, context.Time.GetTimestamp());
                if (!_isLive)
                {
                    WriteStep(step, StepWords.Of(step.Operation).Doing, string.Empty);
                }

                break;
            // A refresh reports a resource once more when its parents are known; it was shown when it was read.
            case StepFinished { Step: var step } finished when IsShown(step) && (_running.Remove(step.Urn) || step.Operation != StepOperation.Refresh):
                WriteStep(step, StepWords.Of(step.Operation).Done, PropertyText.Seconds(finished.Elapsed));
                break;
            case StepFailed failed:
                _running.Remove(failed.Step.Urn);
                StepWords failedWords = StepWords.Of(failed.Step.Operation);
                StyledLines.WriteLine(
                    context.Talk, ($"! {failedWords.Doing} {StepWords.Title(failed.Step)} failed", Color.Red), ($"  {PropertyText.Seconds(failed.Elapsed)}", null));
                break;
            case Diagnostic { IsEphemeral: true } waiting when _isLive:
                if (_running.TryGetValue(waiting.Urn, out RunningStep? waits))
                {
                    waits.Waiting = waiting.Message;
                }

                break;
            // The failures of a run are reported at its end, each once, with the way out.
            case Diagnostic { Severity: DiagnosticSeverity.Error } failure when failure.Message.StartsWith("JEJU", StringComparison.Ordinal):
                break;
            case Diagnostic diagnostic:
                WriteDiagnostic(diagnostic);
                break;
            case OutputLine line:
                context.Say($"  {line.Source}: {line.Text}");
                break;
        }
    }

    private bool IsShown(ResourceStep step) => !_isPreview && !step.IsInternal && step.Operation != StepOperation.Same;

    private void WriteStep(ResourceStep step, string word, string elapsed)
    {
        StepWords words = StepWords.Of(step.Operation);
        string after = elapsed.Length == 0 ? string.Empty : $"  {elapsed}";
        StyledLines.WriteLine(context.Talk, (words.Sign, words.Color), ($" {word} {StepWords.Title(step)}", null), (after, Color.Grey));
    }

    private void WriteDiagnostic(Diagnostic diagnostic)
    {
        string about = diagnostic.Urn.Length == 0 ? string.Empty : $"{Engine.State.Urn.Name(diagnostic.Urn)}: ";
        string text = $"{about}{diagnostic.Message.TrimEnd()}";
        switch (diagnostic.Severity)
        {
            case DiagnosticSeverity.Error:
                StyledLines.WriteLine(context.Talk, ("  error", Color.Red), ($" {text}", null));
                break;
            case DiagnosticSeverity.Warning:
                StyledLines.WriteLine(context.Talk, ("  warning", Color.Yellow), ($" {text}", null));
                break;
            default:
                context.Say($"  {text}");
                break;
        }
    }

    private sealed class RunningStep(ResourceStep step, long started)
    {
        public ResourceStep Step => step;

        public long Started => started;

        public string Waiting { get; set; } = string.Empty;
    }
}
