namespace Jeju.Infra.AirGap.SdkGen.Declarations;

internal enum TokenKind
{
    End,
    Word,
    Text,
    Sign,
}

/// <summary>A token: a word, a quoted text without its quotes, or a sign of one character.</summary>
internal readonly record struct Token(TokenKind Kind, string Value);

/// <summary>Splits a declaration file; comments are left out.</summary>
internal sealed class Tokenizer(string source)
{
    private static readonly Dictionary<char, string> Signs = "{}[]()<>;:,=|&?.*+-!~%^/@#".ToDictionary(sign => sign, sign => sign.ToString());
    private int position;

    /// <summary>What the comment before the last token says about its being deprecated; null where it says nothing.</summary>
    public string? Deprecation { get; private set; }

    public Token Next()
    {
        SkipBlanks();
        if (position >= source.Length)
        {
            return new(TokenKind.End, string.Empty);
        }
        var current = source[position];
        if (current is '"' or '\'' or '`')
        {
            return ReadText(current);
        }
        if (!IsWordPart(current))
        {
            position++;
            return new(TokenKind.Sign, Signs.TryGetValue(current, out var sign) ? sign : current.ToString());
        }
        var start = position;
        while (position < source.Length && IsWordPart(source[position]))
        {
            position++;
        }
        return new(TokenKind.Word, source[start..position]);
    }

    private static bool IsWordPart(char character) => char.IsLetterOrDigit(character) || character is '_' or '$';

    private Token ReadText(char quote)
    {
        var start = ++position;
        while (source[position] != quote)
        {
            position += source[position] == '\\' ? 2 : 1;
        }
        return new(TokenKind.Text, System.Text.RegularExpressions.Regex.Unescape(source[start..position++]));
    }

    private void SkipBlanks()
    {
        Deprecation = null;
        while (position < source.Length)
        {
            if (char.IsWhiteSpace(source[position]))
            {
                position++;
            }
            else if (source.AsSpan(position).StartsWith("/*"))
            {
                var start = position;
                position = source.IndexOf("*/", position + 2, StringComparison.Ordinal) + 2;
                Deprecation = FindDeprecation(source.AsSpan(start, position - start));
            }
            else if (source.AsSpan(position).StartsWith("//"))
            {
                var end = source.IndexOf('\n', position);
                position = end < 0 ? source.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private static string? FindDeprecation(ReadOnlySpan<char> comment)
    {
        const string Mark = "@deprecated";
        var index = comment.IndexOf(Mark, StringComparison.Ordinal);
        if (index < 0)
        {
            return null;
        }
        var text = comment[(index + Mark.Length)..];
        var end = text.IndexOfAny('\n', '*');
        return text[..(end < 0 ? text.Length : end)].Trim().ToString();
    }
}
