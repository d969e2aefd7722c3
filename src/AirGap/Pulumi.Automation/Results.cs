using System.Collections.Immutable;

namespace Pulumi.Automation;

public enum OperationType
{
    Unknown = -1,
    Same = 0,
    Create = 1,
    Update = 2,
    Delete = 3,
    Replace = 4,
    DeleteReplaced = 6,
    Read = 7,
    Refresh = 9,
    DiscardReplaced = 11,
    Import = 13,
}

public enum UpdateKind
{
    Update = 0,
    Preview = 1,
    Refresh = 2,
    Destroy = 4,
}

public enum UpdateState
{
    NotStarted = 0,
    InProgress = 1,
    Succeeded = 2,
    Failed = 3,
}

public sealed class OutputValue
{
    internal OutputValue(object value, bool isSecret)
    {
        Value = value;
        IsSecret = isSecret;
    }

    public object Value { get; }

    public bool IsSecret { get; }
}

public sealed class UpdateSummary
{
    internal UpdateSummary(
        UpdateKind kind, UpdateState result, DateTimeOffset startTime, DateTimeOffset endTime, IImmutableDictionary<OperationType, int> resourceChanges)
    {
        Kind = kind;
        Result = result;
        StartTime = startTime;
        EndTime = endTime;
        ResourceChanges = resourceChanges;
    }

    public UpdateKind Kind { get; }

    public UpdateState Result { get; }

    public DateTimeOffset StartTime { get; }

    public DateTimeOffset EndTime { get; }

    public IImmutableDictionary<OperationType, int>? ResourceChanges { get; }
}

public class UpdateResult
{
    internal UpdateResult(string standardOutput, string standardError, UpdateSummary summary)
    {
        StandardOutput = standardOutput;
        StandardError = standardError;
        Summary = summary;
    }

    public string StandardOutput { get; }

    public string StandardError { get; }

    public UpdateSummary Summary { get; }
}

public sealed class UpResult : UpdateResult
{
    internal UpResult(string standardOutput, string standardError, UpdateSummary summary, IImmutableDictionary<string, OutputValue> outputs)
        : base(standardOutput, standardError, summary) => Outputs = outputs;

    public IImmutableDictionary<string, OutputValue> Outputs { get; }
}

public class PreviewResult
{
    internal PreviewResult(string standardOutput, string standardError, IImmutableDictionary<OperationType, int> changeSummary)
    {
        StandardOutput = standardOutput;
        StandardError = standardError;
        ChangeSummary = changeSummary;
    }

    public string StandardOutput { get; }

    public string StandardError { get; }

    public IImmutableDictionary<OperationType, int> ChangeSummary { get; }
}
