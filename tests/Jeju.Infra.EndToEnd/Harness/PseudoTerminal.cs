using System.Diagnostics;
using System.Globalization;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Tests.Cli;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>A command at a real terminal of a size, with somebody who types.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private readonly Process _script;
    private readonly Task _reading;

    private PseudoTerminal(Process script, int columns)
    {
        _script = script;
        Screen = new TerminalScreen(columns);
        _reading = ReadAsync();
    }

    /// <summary>What can be seen on it.</summary>
    public TerminalScreen Screen { get; }

    /// <summary>Starts a command of a checkout, whose standard output and error are both the terminal's.</summary>
    public static PseudoTerminal Start(LocalnetCheckout localnet, int columns, int rows, params string[] arguments)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"stty cols {columns} rows {rows}");
        // A shell's job in the background ignores the interrupt, and so does all that it starts: at a terminal nothing does.
        ProcessStartInfo start = new("env", ["--default-signal=INT,QUIT", "script", "--quiet", "--return", "--flush", "--command", $"{size}; exec ./jeju {string.Join(' ', arguments)}", "/dev/null"])
        {
            WorkingDirectory = localnet.Layout.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string? value) in localnet.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        return new PseudoTerminal(Process.Start(start) ?? throw new InvalidOperationException("script did not start."), columns);
    }

    /// <summary>Types something; <c>\x03</c> is Ctrl-C.</summary>
    public async Task TypeAsync(string text)
    {
        await _script.StandardInput.WriteAsync(text);
        await _script.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the command's end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync()
    {
        await _script.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        await _reading;
        return _script.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_script.HasExited)
        {
            _script.Kill(entireProcessTree: true);
        }

        await _reading;
        _script.Dispose();
    }

    private async Task ReadAsync()
    {
        char[] buffer = new char[4096];
        while (await _script.StandardOutput.ReadAsync(buffer) is > 0 and int count)
        {
            Screen.Write(new string(buffer, 0, count));
        }
    }
}

/// <summary>A test at a terminal, with the Docker Engine; where there can be none, it is skipped with the reason.</summary>
internal sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute() => Skip = DockerFactAttribute.WhyNot
        ?? (OperatingSystem.IsLinux() && ChildProcess.Find("script", Environment.GetEnvironmentVariable("PATH")) is not null
            ? null
            : "there is no `script` (util-linux) here, which makes a terminal");
}
