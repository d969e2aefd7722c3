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

    /// <summary>Runs a program to its end.</summary>
    public static async Task<CommandRun> RunAsync(ChildProcessStart start, CancellationToken cancellationToken)
    {
        StringBuilder output = new();
        StringBuilder error = new();
        int exitCode = await ChildProcess.RunAsync(start, line => output.Append(line).Append('\n'), line => error.Append(line).Append('\n'), cancellationToken);
        return new CommandRun($"{start.Program} {string.Join(' ', start.Arguments)}", exitCode, output.ToString(), error.ToString());
    }
}
