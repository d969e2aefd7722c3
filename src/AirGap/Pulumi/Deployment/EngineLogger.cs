using Jeju.Infra.Protocol;
using Pulumirpc;

namespace Pulumi;

/// <summary>Sends messages to the engine in the order in which they were logged.</summary>
internal sealed class EngineLogger(IMonitor engine)
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;

    /// <summary>Whether the program logged an error: then the run has failed, even if it goes on to its end.</summary>
    public bool HasErrors { get; private set; }

    public async Task LogAsync(LogSeverity severity, string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
    {
        if (severity == LogSeverity.Error)
        {
            HasErrors = true;
        }
        // The message waits for the resource's URN, but the messages after it do not.
        var urn = resource is null ? string.Empty : (await resource.Urn.DataTask.ConfigureAwait(false)).Value;
        var request = new LogRequest { Severity = severity, Message = message, Urn = urn, StreamId = streamId ?? 0, Ephemeral = ephemeral ?? false };
        Task sent;
        lock (gate)
        {
            last = sent = SendAfterAsync(last, request);
        }
        await sent.ConfigureAwait(false);
    }

    private async Task SendAfterAsync(Task before, LogRequest request)
    {
        await before.ConfigureAwait(false);
        await engine.CallAsync(PulumiMethods.Engine.Log, request).ConfigureAwait(false);
    }
}
