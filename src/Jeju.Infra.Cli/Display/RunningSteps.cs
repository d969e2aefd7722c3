using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jeju.Infra.Cli.Display;

/// <summary>A step that runs, as one row of the live part.</summary>
/// <param name="Words">The words of its operation.</param>
/// <param name="Title">The resource.</param>
/// <param name="Elapsed">How long it has run.</param>
/// <param name="Waiting">What it waits for; empty where it says nothing.</param>
internal sealed record RunningRow(StepWords Words, string Title, string Elapsed, string Waiting);

/// <summary>
/// The live part of a run's display: a row for each step that runs. No row is wider than the terminal and all together are not taller, since what
/// a terminal has wrapped or scrolled away cannot be painted over.
/// </summary>
/// <param name="rows">The steps, the oldest first.</param>
/// <param name="idle">What is said while there is none.</param>
internal sealed class RunningSteps(IReadOnlyList<RunningRow> rows, string idle)
{
    private const string Gap = "  ";
    private const string Indent = "    ";
    private const int LeastWaitingWidth = 24;

    private static readonly Style Muted = new(Color.Grey);

    /// <summary>The rows on a terminal of a size.</summary>
    public IReadOnlyList<IReadOnlyList<Segment>> Rows(int columns, int lines)
    {
        // A character in the last column makes some terminals go to the next line, and others not.
        int width = Math.Max(columns - 1, 16);
        int height = Math.Max(lines - 2, 2);
        List<IReadOnlyList<Segment>> all = rows.Count == 0 ? [[new Segment(Cut(idle, width), Muted)]] : [.. Lines(width)];
        return all.Count <= height ? all : [.. all.Take(height - 1), [new Segment($"… {rows.Count} at work", Muted)]];
    }

    private IEnumerable<IReadOnlyList<Segment>> Lines(int width)
    {
        int elapsedWidth = rows.Max(row => row.Elapsed.Length);
        int titleWidth = Math.Min(rows.Max(row => Doing(row).Length), width - 2 - Gap.Length - elapsedWidth);
        int rest = width - 2 - titleWidth - Gap.Length - elapsedWidth - Gap.Length;
        foreach (RunningRow row in rows)
        {
            List<Segment> line =
            [
                new Segment(row.Words.Sign, new Style(row.Words.Color)),
                new Segment($" {Cut(Doing(row), titleWidth).PadRight(titleWidth)}{Gap}{row.Elapsed.PadLeft(elapsedWidth)}"),
            ];
            string waiting = row.Waiting.ReplaceLineEndings(" ").Trim();
            bool fitsBeside = rest >= Math.Min(waiting.Length, LeastWaitingWidth);
            if (waiting.Length > 0 && fitsBeside)
            {
                line.Add(new Segment(Gap + Cut(waiting, rest), Muted));
            }

            yield return line;
            if (waiting.Length > 0 && !fitsBeside)
            {
                yield return [new Segment(Indent + Cut(waiting, width - Indent.Length), Muted)];
            }
        }
    }

    private static string Doing(RunningRow row) => $"{row.Words.Doing} {row.Title}";

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..Math.Max(width - 1, 0)].TrimEnd()}…";
}
