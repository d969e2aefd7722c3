using System.Text;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>A program that ran to its end.</summary>
/// <param name="Command">What was run.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CommandRun(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The run, where it succeeded; otherwise the test fails with all that it wrote.</summary>
    public CommandRun Succeeded()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>The run, where it failed with an exit code and an error code; otherwise the test fails with all that it wrote.</summary>
    public CommandRun FailedWith(int exitCode, string errorCode)
    {
        Assert.True(ExitCode == exitCode && Error.Contains(errorCode, StringComparison.Ordinal), $"expected {exitCode} and {errorCode}, but {this}");
        return this;
    }

    /// <summary>Standard output without the last line break.</summary>
    public string Text => Output.TrimEnd();

    public override string ToString() => $"'{Command}' ended with {ExitCode}:\n{Output}\n{Error}";

    /// <summary>Runs a program to its end; one that is late fails the test with all that it wrote until then.</summary>
    /// <param name="start">The program.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <param name="onError">Is told each line of standard error as it comes.</param>
    public static async Task<CommandRun> RunAsync(ChildProcessStart start, CancellationToken cancellationToken, Action<string>? onError = null)
    {
        string command = $"{start.Program} {string.Join(' ', start.Arguments)}";
        StringBuilder output = new();
        StringBuilder error = new();
        try
        {
            int exitCode = await ChildProcess.RunAsync(
                start,
                line => output.Append(line).Append('\n'),
                line =>
                {
                    error.Append(line).Append('\n');
                    onError?.Invoke(line);
                },
                cancellationToken);
            return new CommandRun(command, exitCode, output.ToString(), error.ToString());
        }
        catch (OperationCanceledException late) when (cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{command}' was not done in time. It had said:\n{output}\n{error}", late);
        }
    }
}
