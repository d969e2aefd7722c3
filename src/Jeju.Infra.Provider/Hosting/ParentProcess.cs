using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Jeju.Infra.Provider.Hosting;

/// <summary>
/// The engine that started the plugin. A killed engine sends no Cancel and closes nothing that a plugin must notice; without this a plugin would
/// live on for ever, and its unfinished operations would run beside those of the next deployment.
/// </summary>
internal static partial class ParentProcess
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Completes when the parent has died, which hands this process to another parent.</summary>
    /// <param name="engineAddress">Where the engine listens, as host and port; null where nobody said.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task WaitForExitAsync(string? engineAddress, TimeProvider time, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            // There, the engine's job object ends its children.
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        var parent = GetParentProcessId();
        if (await IsGoneAsync(engineAddress, cancellationToken))
        {
            // It died while the plugin started: the parent is another one already, and will not change.
            return;
        }

        using var timer = new PeriodicTimer(LookInterval, time);
        while (GetParentProcessId() == parent)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Whether nobody listens at an address any more. Every other difficulty is the engine's matter, and no reason to end.</summary>
    private static async Task<bool> IsGoneAsync(string? address, CancellationToken cancellationToken)
    {
        if (!IPEndPoint.TryParse(address ?? "", out var engine) || engine.Port == 0)
        {
            return false;
        }

        using var socket = new Socket(engine.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(engine, cancellationToken);
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentProcessId();
}
