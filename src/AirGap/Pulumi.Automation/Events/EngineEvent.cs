using System.Collections.Immutable;

namespace Pulumi.Automation.Events;

public class EngineEvent
{
    internal EngineEvent(int sequence, int timestamp)
    {
        Sequence = sequence;
        Timestamp = timestamp;
    }

    public int Sequence { get; }

    public int Timestamp { get; }

    public StandardOutputEngineEvent? StandardOutputEvent { get; internal init; }

    public DiagnosticEvent? DiagnosticEvent { get; internal init; }

    public SummaryEvent? SummaryEvent { get; internal init; }

    public ResourcePreEvent? ResourcePreEvent { get; internal init; }

    public ResourceOutputsEvent? ResourceOutputsEvent { get; internal init; }

    public ResourceOperationFailedEvent? ResourceOperationFailedEvent { get; internal init; }
}

public class StandardOutputEngineEvent
{
    internal StandardOutputEngineEvent(string message) => Message = message;

    public string Message { get; }
}

public class DiagnosticEvent
{
    internal DiagnosticEvent(string? urn, string message, string severity, bool isEphemeral)
    {
        Urn = urn;
        Message = message;
        Severity = severity;
        Ephemeral = isEphemeral;
    }

    public string? Urn { get; }

    public string Message { get; }

    public string Severity { get; }

    public bool? Ephemeral { get; }
}

public class SummaryEvent
{
    internal SummaryEvent(int durationSeconds, IImmutableDictionary<OperationType, int> resourceChanges)
    {
        DurationSeconds = durationSeconds;
        ResourceChanges = resourceChanges;
    }

    public int DurationSeconds { get; }

    public IImmutableDictionary<OperationType, int> ResourceChanges { get; }
}

public class StepEventMetadata
{
    internal StepEventMetadata(OperationType operation, string urn, string type, ImmutableArray<string>? diffs, string provider)
    {
        Op = operation;
        Urn = urn;
        Type = type;
        Diffs = diffs;
        Provider = provider;
    }

    public OperationType Op { get; }

    public string Urn { get; }

    public string Type { get; }

    public ImmutableArray<string>? Diffs { get; }

    public string Provider { get; }
}

public class ResourcePreEvent
{
    internal ResourcePreEvent(StepEventMetadata metadata, bool isPlanning)
    {
        Metadata = metadata;
        Planning = isPlanning;
    }

    public StepEventMetadata Metadata { get; }

    public bool? Planning { get; }
}

public class ResourceOutputsEvent
{
    internal ResourceOutputsEvent(StepEventMetadata metadata, bool isPlanning)
    {
        Metadata = metadata;
        Planning = isPlanning;
    }

    public StepEventMetadata Metadata { get; }

    public bool? Planning { get; }
}

public class ResourceOperationFailedEvent
{
    internal ResourceOperationFailedEvent(StepEventMetadata metadata) => Metadata = metadata;

    public StepEventMetadata Metadata { get; }
}
