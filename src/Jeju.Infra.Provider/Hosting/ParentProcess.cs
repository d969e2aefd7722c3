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
    public static async Task WaitForExitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            // There, the engine's job object ends its children.
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        var parent = GetParentProcessId();
        using var timer = new PeriodicTimer(LookInterval, time);
        while (GetParentProcessId() == parent)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentProcessId();
}
