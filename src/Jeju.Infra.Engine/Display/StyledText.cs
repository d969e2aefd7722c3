namespace Jeju.Infra.Engine.Display;

/// <summary>What a piece of text says, for a terminal to colour.</summary>
public enum TextStyle
{
    /// <summary>Nothing special.</summary>
    Plain,

    /// <summary>Something new.</summary>
    Added,

    /// <summary>Something gone.</summary>
    Deleted,

    /// <summary>Something changed in place.</summary>
    Changed,

    /// <summary>Something replaced.</summary>
    Replaced,

    /// <summary>Something that only gives orientation.</summary>
    Muted,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>A failure.</summary>
    Failure,
}

/// <summary>A piece of text with its style.</summary>
/// <param name="Text">The text, without line ends.</param>
/// <param name="Style">Its style.</param>
public readonly record struct StyledSpan(string Text, TextStyle Style = TextStyle.Plain);

/// <summary>A line of styled text, independent of any terminal.</summary>
/// <param name="Spans">Its pieces.</param>
public sealed record StyledLine(params IReadOnlyList<StyledSpan> Spans)
{
    /// <summary>The empty line.</summary>
    public static StyledLine Blank { get; } = new();

    /// <summary>A line of one style.</summary>
    public static StyledLine Of(string text, TextStyle style = TextStyle.Plain) => new(new StyledSpan(text, style));

    /// <summary>The line without styles.</summary>
    public override string ToString() => string.Concat(Spans.Select(span => span.Text));
}
