using Jeju.Infra.Cli.Display;
using Jeju.Infra.Core;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jeju.Infra.Cli;

/// <summary>
/// Everything a command may touch outside its arguments: there is no hidden console, clock or environment, so a test runs a command in its
/// own process.
/// </summary>
internal sealed class CommandContext
{
    private RepositoryLayout? _layout;

    /// <summary>Standard output: data, for other programs.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard output for people: the same stream, with colours where it is a terminal.</summary>
    public required IAnsiConsole Page { get; init; }

    /// <summary>Standard error: talk, for people.</summary>
    public required IAnsiConsole Talk { get; init; }

    /// <summary>Standard input, for answers.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Whether somebody sits at a terminal who could answer a question.</summary>
    public required bool CanAsk { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Reads a variable of the environment; null where it is not set.</summary>
    public required Func<string, string?> ReadEnvironment { get; init; }

    /// <summary>Finds the checkout; called once, by the first command that needs it.</summary>
    public required Func<RepositoryLayout> FindLayout { get; init; }

    /// <summary>The checkout.</summary>
    public RepositoryLayout Layout => _layout ??= FindLayout();

    /// <summary>Says one line to the person who watches; its text is taken literally, never as markup.</summary>
    public void Say(string line) => Talk.Write(new UnbrokenLine(new Segment(line)));
}
