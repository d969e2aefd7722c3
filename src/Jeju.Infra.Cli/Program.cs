using System.Runtime.InteropServices;
using Jeju.Infra.Cli;
using Jeju.Infra.Core;
using Spectre.Console;

#pragma warning disable RS0030 // The entry point is the one place that names the console and the system clock.
using CancellationTokenSource cancellation = new();
bool talksToTerminal = !Console.IsErrorRedirected;
void CancelOnce(PosixSignalContext signal)
{
    // The first signal lets the work end in good order; a second one ends the process as the system does by default.
    signal.Cancel = !cancellation.IsCancellationRequested;
    if (!signal.Cancel && talksToTerminal)
    {
        // The live display hides the cursor, and nothing of this process will show it again.
        Console.Error.Write("\e[?25h");
    }

    cancellation.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, CancelOnce);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, CancelOnce);

CommandContext context = new()
{
    Output = Console.Out,
    Page = ConsoleFor(Console.Out, !Console.IsOutputRedirected),
    Talk = ConsoleFor(Console.Error, talksToTerminal),
    Input = Console.In,
    CanAsk = !Console.IsInputRedirected && talksToTerminal,
    Time = TimeProvider.System,
    ReadEnvironment = Environment.GetEnvironmentVariable,
    FindLayout = () => RepositoryLayout.Find(Environment.GetEnvironmentVariable("JEJU_ROOT") ?? AppContext.BaseDirectory),
};
#pragma warning restore RS0030

static IAnsiConsole ConsoleFor(TextWriter writer, bool isTerminal)
{
    IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
    });
    if (!isTerminal)
    {
        // A file has no width, and a message that is broken in the middle is not found by those who search for it.
        console.Profile.Width = int.MaxValue;
    }

    return console;
}

return await JejuCommandLine.RunAsync(args, context, cancellation.Token);
