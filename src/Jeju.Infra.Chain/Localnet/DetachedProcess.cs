using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Jeju.Infra.Chain.Localnet;

/// <summary>
/// Starts processes that live on after this one, and finds them again by a word of their command line, so that no file has to remember them:
/// a kill between start and note cannot lose one.
/// </summary>
public static partial class DetachedProcess
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Starts a process in a session of its own, without a terminal, with its output appended to a file.</summary>
    /// <returns>The process id.</returns>
    public static int Start(string executable, IReadOnlyList<string> arguments, string logFile)
    {
        ProcessStartInfo start = new("/bin/sh") { UseShellExecute = false, WorkingDirectory = Path.GetDirectoryName(logFile) };
        start.ArgumentList.Add("-c");
        // Both `exec` keep the process id. Without setsid (not Debian) an interrupt of the terminal would reach the child.
        start.ArgumentList.Add("""log=$1; shift; if command -v setsid >/dev/null; then set -- setsid "$@"; fi; exec "$@" </dev/null >>"$log" 2>&1""");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(logFile);
        start.ArgumentList.Add(executable);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{executable} did not start.");
        return process.Id;
    }

    /// <summary>The processes whose command line has an argument, in rising order of their ids.</summary>
    public static IReadOnlyList<int> Find(string argument) =>
        [.. (OperatingSystem.IsLinux() ? FindInProc(argument) : FindWithPs(argument)).Order()];

    /// <summary>Whether a process runs.</summary>
    public static bool IsRunning(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            return !HasEndedInProc(processId);
        }

        try
        {
            using Process process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Asks a process to end, waits, and kills it when it does not.</summary>
    public static async Task StopAsync(int processId, TimeSpan grace, TimeProvider time, CancellationToken cancellationToken)
    {
        Signal(processId, Terminate);
        if (!await WaitForExitAsync(processId, grace, time, cancellationToken).ConfigureAwait(false))
        {
            Signal(processId, Kill);
            await WaitForExitAsync(processId, grace, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a process at once, without asking it, and waits until it is gone.</summary>
    public static async Task KillAsync(int processId, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Signal(processId, Kill);
        await WaitForExitAsync(processId, limit, time, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> WaitForExitAsync(int processId, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            if (OperatingSystem.IsLinux())
            {
                while (!HasEndedInProc(processId))
                {
                    await Task.Delay(PollInterval, time, either.Token).ConfigureAwait(false);
                }

                return true;
            }

            using Process process = Process.GetProcessById(processId);
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool HasEndedInProc(int processId)
    {
        try
        {
            return HasEnded(File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>
    /// Whether a process has ended, by its line in <c>/proc/PID/stat</c> (proc(5)). One whose parent has not asked for its exit code yet holds nothing
    /// any more: its parent is the first process of the machine, which in some containers asks late, or never. But while a thread is left, its
    /// ports and files are still taken, whatever the state of the first thread.
    /// </summary>
    internal static bool HasEnded(string facts)
    {
        const int State = 0;
        const int Threads = 17;
        // The name before them stands in brackets and may hold anything.
        string[] fields = facts[(facts.LastIndexOf(')') + 2)..].Split(' ');
        return fields[State] is "Z" or "X" && int.Parse(fields[Threads], CultureInfo.InvariantCulture) <= 1;
    }

    private static List<int> FindInProc(string argument)
    {
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && ReadCommandLine(Path.Combine(folder, "cmdline")).Contains(argument))
            {
                found.Add(id);
            }
        }

        return found;
    }

    private static string[] ReadCommandLine(string file)
    {
        try
        {
            return File.ReadAllText(file).Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process ended while we looked, or is another user's and so not ours.
            return [];
        }
    }

    private static List<int> FindWithPs(string argument)
    {
        ProcessStartInfo start = new("ps", ["-axo", "pid=,command="]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("ps did not start.");
        string output = process.StandardOutput.ReadToEnd();
        return [.. output.Split('\n')
            .Where(line => line.Contains(argument, StringComparison.Ordinal))
            .Select(line => int.Parse(line.Trim().Split(' ')[0], CultureInfo.InvariantCulture))
            .Where(id => id != process.Id)];
    }

    private static void Signal(int processId, int signal)
    {
        // An error means that the process is gone, which is what is wanted.
        _ = SendSignal(processId, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
