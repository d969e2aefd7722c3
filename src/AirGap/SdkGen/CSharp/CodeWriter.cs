using System.Text;

namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>Text of a source file, with indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', depth * 4).Append(line);
        }
        text.Append('\n');
    }

    /// <summary>Opens a block; the result closes it.</summary>
    public Block Open(string head)
    {
        Line(head);
        Line("{");
        depth++;
        return new(this);
    }

    public void Obsolete(string? message)
    {
        if (message is not null)
        {
            Line($"[System.Obsolete({Quote(message)})]");
        }
    }

    public static string Quote(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public override string ToString() => text.ToString();

    internal readonly struct Block(CodeWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            writer.Line("}");
        }
    }
}
