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

    /// <summary>
    /// Writes one line of several styles. What comes from elsewhere is never given as markup, whose <c>:key:</c> becomes a picture of a key, also in
    /// a resource's name.
    /// </summary>
    public static void WriteLine(IAnsiConsole console, params ReadOnlySpan<(string Text, Color? Color)> spans)
    {
        console.Write(Of(spans));
        console.WriteLine();
    }

    /// <summary>The same as a part of something larger.</summary>
    public static Paragraph Of(params ReadOnlySpan<(string Text, Color? Color)> spans)
    {
        Paragraph line = new();
        foreach ((string text, Color? color) in spans)
        {
            line.Append(text, color is { } chosen ? new Style(chosen) : Style.Plain);
        }

        return line;
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
