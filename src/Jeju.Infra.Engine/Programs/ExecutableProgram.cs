using System.Diagnostics;

namespace Jeju.Infra.Engine.Programs;

/// <summary>A built program, started directly: no build and no language host in between.</summary>
/// <param name="executable">The file.</param>
/// <param name="workingDirectory">The folder in which it runs.</param>
public sealed class ExecutableProgram(string executable, string workingDirectory) : IStackProgram
{
    private readonly LibraryTypes _types = new(Path.GetDirectoryName(executable)!);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, bool> OutputsOf(string type) => _types.OutputsOf(type);

    /// <inheritdoc/>
    public async Task<int> RunAsync(ProgramEnvironment environment, Action<string> onOutput, CancellationToken cancellationToken)
    {
        if (!File.Exists(executable))
        {
            throw EngineErrors.ProgramMissing(executable);
        }

        var startInfo = new ProcessStartInfo(executable)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment.Variables)
        {
            startInfo.Environment[name] = value;
        }

        using var process = new Process { StartInfo = startInfo };
        process.OutputDataReceived += (_, line) => Forward(line.Data, onOutput);
        process.ErrorDataReceived += (_, line) => Forward(line.Data, onOutput);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }

    private static void Forward(string? line, Action<string> onOutput)
    {
        if (line is not null)
        {
            onOutput(line);
        }
    }
}
