using System.Collections.Immutable;
using System.Text;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;
using Pulumi.Automation.Events;

namespace Pulumi.Automation.Hosting;

/// <summary>Hands the embedded engine's events to a caller in the automation API's terms, one at a time.</summary>
internal sealed class EventRelay(string stack, UpdateOptions? options, TimeProvider time) : IEngineEvents
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private int _sequence;
    private bool _isPreview;

    public string StandardOutput => _output.ToString();

    public string StandardError => _errors.ToString();

    public static IImmutableDictionary<OperationType, int> Changes(RunResult result) => result.Counts
        .GroupBy(entry => ToOperation(entry.Key))
        .ToImmutableDictionary(group => group.Key, group => group.Sum(entry => entry.Value));

    public void OnEvent(Jeju.Infra.Engine.EngineEvent engineEvent)
    {
        lock (_gate)
        {
            switch (engineEvent)
            {
                case RunStarted started:
                    _isPreview = started.IsPreview;
                    break;
                case StepStarted { Step: { IsInternal: false } step }:
                    Send(new(_sequence++, Now()) { ResourcePreEvent = new(Metadata(step), _isPreview) });
                    break;
                case StepFinished { Step: { IsInternal: false } step }:
                    Send(new(_sequence++, Now()) { ResourceOutputsEvent = new(Metadata(step), _isPreview) });
                    break;
                case StepFailed failed:
                    Send(new(_sequence++, Now()) { ResourceOperationFailedEvent = new(Metadata(failed.Step)) });
                    WriteError(failed.Error.ToDisplayText());
                    break;
                case Diagnostic diagnostic:
                    Tell(diagnostic);
                    break;
                case OutputLine line:
                    Send(new(_sequence++, Now()) { StandardOutputEvent = new(line.Text) });
                    Write(line.Text);
                    break;
                case RunFinished finished:
                    Finish(finished.Result);
                    break;
                default:
                    break;
            }
        }
    }

    private void Finish(RunResult result)
    {
        foreach (var line in TextReport.Render(ChangeReport.FromRun(result, stack)))
        {
            Write(line.ToString());
        }

        Send(new(_sequence++, Now()) { SummaryEvent = new((int)result.Elapsed.TotalSeconds, Changes(result)) });
    }

    private void Tell(Diagnostic diagnostic)
    {
        var severity = diagnostic.Severity switch
        {
            DiagnosticSeverity.Error => "error",
            DiagnosticSeverity.Warning => "warning",
            _ => "info",
        };
        Send(new(_sequence++, Now())
        {
            DiagnosticEvent = new(diagnostic.Urn.Length > 0 ? diagnostic.Urn : null, diagnostic.Message, severity, diagnostic.IsEphemeral),
        });
        if (diagnostic.Severity == DiagnosticSeverity.Error)
        {
            WriteError(diagnostic.Message);
        }
        else
        {
            Write(diagnostic.Message);
        }
    }

    private void Send(Events.EngineEvent automationEvent) => options?.OnEvent?.Invoke(automationEvent);

    private void Write(string line)
    {
        _output.AppendLine(line);
        options?.OnStandardOutput?.Invoke(line);
    }

    private void WriteError(string line)
    {
        _errors.AppendLine(line);
        options?.OnStandardError?.Invoke(line);
    }

    private int Now() => (int)time.GetUtcNow().ToUnixTimeSeconds();

    private static StepEventMetadata Metadata(ResourceStep step) => new(
        ToOperation(step.Operation),
        step.Urn,
        step.Type,
        step.Differences.Count > 0 ? [.. step.Differences.Select(difference => difference.Path)] : null,
        (step.New ?? step.Old)?.Provider ?? "");

    private static OperationType ToOperation(StepOperation operation) => operation switch
    {
        StepOperation.Same => OperationType.Same,
        StepOperation.Create => OperationType.Create,
        StepOperation.Update => OperationType.Update,
        StepOperation.Replace => OperationType.Replace,
        StepOperation.DeleteReplaced => OperationType.DeleteReplaced,
        StepOperation.Delete => OperationType.Delete,
        StepOperation.Read => OperationType.Read,
        StepOperation.Refresh => OperationType.Refresh,
        StepOperation.Import => OperationType.Import,
        StepOperation.Discard => OperationType.DiscardReplaced,
        _ => OperationType.Unknown,
    };
}
