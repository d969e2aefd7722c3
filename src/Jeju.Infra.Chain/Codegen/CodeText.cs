using System.Text;

namespace Jeju.Infra.Chain.Codegen;

/// <summary>C# text with indentation, and the rules for names.</summary>
internal sealed class CodeText
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object",
        "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short",
        "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked",
        "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    private readonly StringBuilder _text = new();
    private int _depth;

    internal static string Pascal(string name)
    {
        string bare = name.TrimStart('_');
        return bare.Length == 0 ? "Value" : char.ToUpperInvariant(bare[0]) + bare[1..];
    }

    internal static string Camel(string name)
    {
        string bare = name.TrimStart('_');
        string camel = bare.Length == 0 ? "value" : char.ToLowerInvariant(bare[0]) + bare[1..];
        return Keywords.Contains(camel) ? "@" + camel : camel;
    }

    internal CodeText Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(line);
        }

        _text.Append('\n');
        return this;
    }

    internal CodeText Open(string line)
    {
        Line(line).Line("{");
        _depth++;
        return this;
    }

    internal CodeText Close(string end = "}")
    {
        _depth--;
        return Line(end);
    }

    internal CodeText Summary(string text, string fallback)
    {
        string words = string.Join(' ', (text.Length == 0 ? fallback : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        string escaped = words.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        return Line($"/// <summary>{escaped}</summary>");
    }

    public override string ToString() => _text.ToString();
}
