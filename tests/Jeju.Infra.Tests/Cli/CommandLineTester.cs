using Jeju.Infra.Cli;
using Jeju.Infra.Core;
using Spectre.Console;

namespace Jeju.Infra.Tests.Cli;

/// <summary>Runs the command line in this process, as a script without a terminal would.</summary>
internal sealed class CommandLineTester
{
    private readonly Dictionary<string, string> _environment = [];

    /// <summary>Sets a variable that the command sees.</summary>
    public CommandLineTester With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>The checkout that the command finds; this one unless said otherwise.</summary>
    public Func<RepositoryLayout> FindLayout { get; init; } = () => RepositoryLayout.Find(AppContext.BaseDirectory);

    /// <summary>What cancels the command, as Ctrl-C does.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Runs one command line to its end.</summary>
    public async Task<CommandLineOutcome> RunAsync(params string[] arguments)
    {
        await using StringWriter output = new();
        await using StringWriter talk = new();
        CommandContext context = new()
        {
            Output = output,
            Page = ConsoleFor(output),
            Talk = ConsoleFor(talk),
            Input = TextReader.Null,
            CanAsk = false,
            Time = TimeProvider.System,
            ReadEnvironment = name => _environment.GetValueOrDefault(name),
            FindLayout = FindLayout,
        };
        int exitCode = await JejuCommandLine.RunAsync(arguments, context, Cancellation);
        return new CommandLineOutcome(exitCode, output.ToString(), talk.ToString());
    }

    /// <summary>A context that nothing is run in, to look at the commands themselves.</summary>
    /// <param name="answer">What somebody types who sits at a terminal; nobody does where it is null.</param>
    public static CommandContext Context(string? answer = null) => new()
    {
        Output = TextWriter.Null,
        Page = ConsoleFor(TextWriter.Null),
        Talk = ConsoleFor(TextWriter.Null),
        Input = answer is null ? TextReader.Null : new StringReader(answer),
        CanAsk = answer is not null,
        Time = TimeProvider.System,
        ReadEnvironment = _ => null,
        FindLayout = () => RepositoryLayout.Find(AppContext.BaseDirectory),
    };

    private static IAnsiConsole ConsoleFor(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        // Wide enough that no line of a message is broken.
        console.Profile.Width = 1000;
        return console;
    }
}

/// <summary>How a command line ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Talk">Standard error.</param>
internal sealed record CommandLineOutcome(int ExitCode, string Output, string Talk);
