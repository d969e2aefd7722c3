using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jeju.Infra.Cli.Display;

/// <summary>
/// Rows at the end of what a console has written, which are painted anew under everything that is written meanwhile, whoever writes it. They are
/// erased before anything takes their place (the console's own live display lets the rest of a longer row stand), and are gone at the end.
/// </summary>
internal sealed class LivePart : IRenderHook, IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly Lock _gate = new();
    private RunningSteps? _picture;
    private int _painted;

    public LivePart(IAnsiConsole console)
    {
        _console = console;
        console.Cursor.Hide();
        console.Pipeline.Attach(this);
    }

    /// <summary>Paints something else from now on.</summary>
    public void Show(RunningSteps? picture)
    {
        lock (_gate)
        {
            _picture = picture;
        }

        _console.Write(new Segments([]));
    }

    /// <inheritdoc/>
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables)
    {
        RunningSteps? picture;
        lock (_gate)
        {
            picture = _picture;
        }

        List<Segment> rows = [];
        int painted = 0;
        foreach (IReadOnlyList<Segment> row in picture?.Rows(options.ConsoleSize.Width, options.ConsoleSize.Height) ?? [])
        {
            rows.AddRange([.. row, Segment.LineBreak]);
            painted++;
        }

        (int before, _painted) = (_painted, painted);
        string erase = before == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"\r\e[{before}A\e[J");
        return [new Segments([Segment.Control(erase)]), .. renderables, new Segments(rows)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Show(null);
        _console.Pipeline.Detach(this);
        _console.Cursor.Show();
    }

    private sealed class Segments(IReadOnlyList<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
