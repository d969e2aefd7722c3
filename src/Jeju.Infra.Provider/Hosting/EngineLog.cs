using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Provider.Framework;
using Pulumirpc;

namespace Jeju.Infra.Provider.Hosting;

/// <summary>The engine's log. A plugin that was started by hand has none until it is attached.</summary>
internal sealed class EngineLog : IDisposable
{
    private GrpcClient? _engine;

    public void Connect(string address)
    {
        if (_engine?.Address != address)
        {
            _engine?.Dispose();
            _engine = new GrpcClient(address);
        }
    }

    public IResourceLog For(string urn) => new ResourceLog(this, urn);

    public void Dispose() => _engine?.Dispose();

    private async Task WriteAsync(LogSeverity severity, string urn, string message, bool ephemeral, CancellationToken cancellationToken)
    {
        if (_engine is null)
        {
            return;
        }

        try
        {
            await _engine.CallAsync(
                PulumiMethods.Engine.Log,
                new LogRequest { Severity = severity, Message = message, Urn = urn, Ephemeral = ephemeral },
                cancellationToken);
        }
        catch (GrpcStatusException)
        {
            // The engine is gone or refuses the line. The operation goes on: its end is recorded on chain and in the journal, not in a log.
        }
    }

    private sealed class ResourceLog(EngineLog log, string urn) : IResourceLog
    {
        public Task ProgressAsync(string message, CancellationToken cancellationToken) =>
            log.WriteAsync(LogSeverity.Info, urn, message, ephemeral: true, cancellationToken);

        public Task InformationAsync(string message, CancellationToken cancellationToken) =>
            log.WriteAsync(LogSeverity.Info, urn, message, ephemeral: false, cancellationToken);

        public Task WarningAsync(string message, CancellationToken cancellationToken) =>
            log.WriteAsync(LogSeverity.Warning, urn, message, ephemeral: false, cancellationToken);
    }
}
