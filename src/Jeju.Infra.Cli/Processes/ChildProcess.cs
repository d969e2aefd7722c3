using System.ComponentModel;
using System.Diagnostics;

namespace Jeju.Infra.Cli.Processes;

/// <summary>Runs another program to its end.</summary>
internal static class ChildProcess
{
    /// <summary>
    /// Runs a program and hands over each line that it writes, of both streams, as it comes. Cancellation ends the whole process tree.
    /// </summary>
    /// <param name="start">What to run.</param>
    /// <param name="onLine">Takes a line; called by one thread at a time.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static Task<int> RunAsync(ChildProcessStart start, Action<string> onLine, CancellationToken cancellationToken) =>
        RunAsync(start, onLine, onLine, cancellationToken);

    /// <summary>As above, with a taker for each stream; still called by one thread at a time.</summary>
    public static async Task<int> RunAsync(
        ChildProcessStart start, Action<string> onOutput, Action<string> onError, CancellationToken cancellationToken)
    {
        using Process process = new() { StartInfo = ToStartInfo(start) };
        Lock gate = new();
        void Forward(string? line, Action<string> taker)
        {
            if (line is null)
            {
                return;
            }

            lock (gate)
            {
                taker(line);
            }
        }

        process.OutputDataReceived += (_, line) => Forward(line.Data, onOutput);
        process.ErrorDataReceived += (_, line) => Forward(line.Data, onError);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>Runs a program and returns its exit code with everything it wrote.</summary>
    public static async Task<(int ExitCode, string Text)> CaptureAsync(ChildProcessStart start, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        int exitCode = await RunAsync(start, lines.Add, cancellationToken);
        return (exitCode, string.Join('\n', lines));
    }

    /// <summary>Looks a program up in the folders of PATH.</summary>
    /// <returns>Its path, or null.</returns>
    public static string? Find(string program, string? path) =>
        (path ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            // Daemons lie in sbin, which the PATH of an unprivileged shell leaves out.
            .Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(IsProgram);

    /// <summary>A file that nobody may execute is passed over, as a shell does.</summary>
    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static ProcessStartInfo ToStartInfo(ChildProcessStart start)
    {
        ProcessStartInfo info = new(start.Program, start.Arguments)
        {
            WorkingDirectory = start.WorkingFolder ?? string.Empty,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string? value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
