using System.Diagnostics;
using System.Globalization;
using Jeju.Infra.Protocol;
using Jeju.Infra.Protocol.Grpc;

namespace Jeju.Infra.Engine.Providers;

/// <summary>The process of one plugin: started with the engine's address, it answers with its port on the first line.</summary>
internal sealed class PluginProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly TimeProvider _time;

    private PluginProcess(Process process, GrpcClient client, TimeProvider time) => (_process, Client, _time) = (process, client, time);

    public GrpcClient Client { get; }

    /// <summary>Starts a plugin and waits for its port.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="onOutput">Gets every line that it writes, without the port.</param>
    /// <param name="time">The clock for the patience.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<PluginProcess> StartAsync(PluginStart start, Action<string> onOutput, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(start.Executable))
        {
            throw EngineErrors.PluginMissing(start.Package, start.Executable);
        }

        var startInfo = new ProcessStartInfo(start.Executable)
        {
            WorkingDirectory = start.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // So that it does not read the terminal's.
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        startInfo.ArgumentList.Add(start.EngineAddress);
        // A plugin's file that builds what is stale need not look: this engine is of the same build.
        startInfo.Environment["JEJU_ENGINE"] = "embedded";
        foreach (var (name, value) in start.Environment)
        {
            startInfo.Environment[name] = value;
        }

        var process = Process.Start(startInfo) ?? throw EngineErrors.PluginStart(start.Package, "the system started no process");
        var lastErrors = new Queue<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                lock (lastErrors)
                {
                    lastErrors.Enqueue(text);
                    if (lastErrors.Count > 20)
                    {
                        lastErrors.Dequeue();
                    }
                }

                onOutput(text);
            }
        };
        process.BeginErrorReadLine();
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = time.CreateTimer(_ => patience.Cancel(), null, StartPatience, Timeout.InfiniteTimeSpan);
            var line = await process.StandardOutput.ReadLineAsync(patience.Token).ConfigureAwait(false);
            if (!int.TryParse(line?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            {
                if (line is null)
                {
                    await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
                }

                lock (lastErrors)
                {
                    throw EngineErrors.PluginStart(
                        start.Package,
                        (line is null ? $"it ended with exit code {process.ExitCode}" : $"its first line is '{line}' instead of a port")
                        + (lastErrors.Count > 0 ? $" ({string.Join(" | ", lastErrors)})" : ""));
                }
            }

            var client = new GrpcClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
            _ = DrainAsync(process.StandardOutput, onOutput);
            return new PluginProcess(process, client, time);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Kill(process);
            throw EngineErrors.PluginStart(start.Package, $"it named no port within {StartPatience.TotalSeconds:0} s");
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    /// <summary>Asks the plugin to end, and ends it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopPatience, _time);
        try
        {
            await Client.CallAsync(PulumiMethods.ResourceProvider.Cancel, new(), patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is GrpcStatusException or OperationCanceledException)
        {
            // It has nothing to break off, or is gone: either way it is ended below.
        }

        Client.Dispose();
        Kill(_process);
        _process.Dispose();
    }

    private static async Task DrainAsync(StreamReader reader, Action<string> onOutput)
    {
        while (await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            onOutput(line);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            // Only the plugin itself: the chain and the agent that it started live on.
            process.Kill(entireProcessTree: false);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}

/// <summary>How a plugin is started.</summary>
/// <param name="Package">Its package, for messages.</param>
/// <param name="Executable">The file.</param>
/// <param name="EngineAddress">Its only argument.</param>
/// <param name="WorkingDirectory">The program's folder, as Pulumi has it.</param>
/// <param name="Environment">Variables added to this process's own.</param>
internal sealed record PluginStart(
    string Package, string Executable, string EngineAddress, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment);
