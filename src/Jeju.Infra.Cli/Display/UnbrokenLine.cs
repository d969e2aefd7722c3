using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jeju.Infra.Cli.Display;

/// <summary>
/// A line that no console breaks: on a narrow terminal it goes on in the next row by the terminal's own doing, so that a command or a path that
/// somebody copies from it is whole.
/// </summary>
internal sealed class UnbrokenLine(params IReadOnlyList<Segment> segments) : IRenderable
{
    public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [.. segments, Segment.LineBreak];
}
