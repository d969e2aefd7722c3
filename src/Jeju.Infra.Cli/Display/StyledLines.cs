using Jeju.Infra.Engine.Display;
using Spectre.Console;

namespace Jeju.Infra.Cli.Display;

/// <summary>Writes the engine's styled lines on a console.</summary>
internal static class StyledLines
{
    public static void Write(IAnsiConsole console, IEnumerable<StyledLine> lines)
    {
        foreach (StyledLine line in lines)
        {
            foreach (StyledSpan span in line.Spans)
            {
                console.Write(span.Text, StyleOf(span.Style));
            }

            console.WriteLine();
        }
    }

    private static Style StyleOf(TextStyle style) => style switch
    {
        TextStyle.Heading => new Style(decoration: Decoration.Bold),
        TextStyle.Added => new Style(Color.Green),
        TextStyle.Changed => new Style(Color.Yellow),
        TextStyle.Replaced => new Style(Color.Fuchsia),
        TextStyle.Deleted or TextStyle.Failure => new Style(Color.Red),
        TextStyle.Warning => new Style(Color.Yellow),
        TextStyle.Muted => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
