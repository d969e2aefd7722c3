namespace Jeju.Infra.Engine;

/// <summary>Takes what happens during a run, from several threads, in the order in which it happens.</summary>
public interface IEngineEvents
{
    /// <summary>Takes one event. Does not block.</summary>
    void OnEvent(EngineEvent engineEvent);
}

/// <summary>Something that happened during a run.</summary>
public abstract record EngineEvent;

/// <summary>A run begins.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Project">The project's name.</param>
/// <param name="Stack">The stack's name.</param>
/// <param name="IsPreview">Whether nothing is changed.</param>
public sealed record RunStarted(RunOperation Operation, string Project, string Stack, bool IsPreview) : EngineEvent;

/// <summary>A step begins.</summary>
/// <param name="Step">The step, as it is planned.</param>
public sealed record StepStarted(ResourceStep Step) : EngineEvent;

/// <summary>A step succeeded.</summary>
/// <param name="Step">The step, as it came out.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record StepFinished(ResourceStep Step, TimeSpan Elapsed) : EngineEvent;

/// <summary>A step failed.</summary>
/// <param name="Step">The step, as it was planned.</param>
/// <param name="Error">Why.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record StepFailed(ResourceStep Step, Core.InfraException Error, TimeSpan Elapsed) : EngineEvent;

/// <summary>A message for the user.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Urn">The resource that it is about; empty for none.</param>
/// <param name="Message">The text.</param>
/// <param name="IsEphemeral">Whether it is about progress, and of no interest afterwards.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string Urn, string Message, bool IsEphemeral = false) : EngineEvent;

/// <summary>A line that the program or a plugin wrote.</summary>
/// <param name="Source">Who wrote it: <c>program</c>, or the plugin's package.</param>
/// <param name="Text">The line.</param>
public sealed record OutputLine(string Source, string Text) : EngineEvent;

/// <summary>A run ended.</summary>
/// <param name="Result">How.</param>
public sealed record RunFinished(RunResult Result) : EngineEvent;

/// <summary>How grave a message is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>For information.</summary>
    Info,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>The run fails because of it.</summary>
    Error,
}

/// <summary>What a run does.</summary>
public enum RunOperation
{
    /// <summary>Makes the world what the program says.</summary>
    Up,

    /// <summary>Makes the state what the world is.</summary>
    Refresh,

    /// <summary>Deletes everything.</summary>
    Destroy,
}
