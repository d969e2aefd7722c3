using System.Globalization;
using System.Runtime.InteropServices;
using Jeju.Infra.Protocol.Grpc;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Hosting;

/// <summary>Runs the plugin: announces its port as the first line of standard output and serves until the engine ends it.</summary>
internal static class ProviderHost
{
    /// <param name="arguments">Flags of the engine, and its address as the one positional argument; absent when started by hand.</param>
    /// <param name="handlers">The resource types served.</param>
    /// <param name="time">The clock.</param>
    /// <param name="announcement">Where the port goes: standard output and nothing else.</param>
    /// <param name="cancellationToken">Ends the plugin.</param>
    public static async Task RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyList<IResourceHandler> handlers, TimeProvider time, TextWriter announcement, CancellationToken cancellationToken)
    {
        using var log = new EngineLog();
        var engine = EngineAddress(arguments);
        if (engine is not null)
        {
            log.Connect(engine);
        }

        using var service = new ResourceProviderService(handlers, log);
        await using var server = new GrpcServer(service.ToGrpcService());
        await server.StartAsync(cancellationToken);
        await announcement.WriteLineAsync(server.Port.ToString(CultureInfo.InvariantCulture).AsMemory(), cancellationToken);
        await announcement.FlushAsync(cancellationToken);

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var byEngine = service.Cancelled.Register(() => ended.TrySetResult());
        await using var byCaller = cancellationToken.Register(() => ended.TrySetResult());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, ended));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, ended));
        using var watching = new CancellationTokenSource();
        await Task.WhenAny(ended.Task, ParentProcess.WaitForExitAsync(engine, time, watching.Token));
        await watching.CancelAsync();
        service.CancelOperations();

        // The engine gives five seconds between its Cancel and the kill; operations that heard the cancellation write their answers in it.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        await server.StopAsync(patience.Token);
    }

    private static void End(PosixSignalContext signal, TaskCompletionSource ended)
    {
        signal.Cancel = true;
        ended.TrySetResult();
    }

    /// <summary>The positional argument; `--tracing` is the one flag whose value is an argument of its own.</summary>
    private static string? EngineAddress(IReadOnlyList<string> arguments)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index] is "--tracing" or "-tracing")
            {
                index++;
            }
            else if (!arguments[index].StartsWith('-'))
            {
                return arguments[index];
            }
        }

        return null;
    }
}
