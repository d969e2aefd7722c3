using Jeju.Infra.Engine.Display;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jeju.Infra.Cli.Display;

/// <summary>Writes the engine's styled lines on a console.</summary>
internal static class StyledLines
{
    public static void Write(IAnsiConsole console, IEnumerable<StyledLine> lines)
    {
        foreach (StyledLine line in lines)
        {
            console.Write(new UnbrokenLine([.. line.Spans.Select(span => new Segment(span.Text, StyleOf(span.Style)))]));
        }
    }

    /// <summary>
    /// Writes one line of several styles. What comes from elsewhere is never given as markup, whose <c>:key:</c> becomes a picture of a key, also in
    /// a resource's name.
    /// </summary>
    public static void WriteLine(IAnsiConsole console, params IEnumerable<(string Text, Color? Color)> spans) =>
        console.Write(new UnbrokenLine([.. spans.Select(span => new Segment(span.Text, span.Color is { } color ? new Style(color) : Style.Plain))]));

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
