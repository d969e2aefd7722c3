namespace Jeju.Infra.Core;

/// <summary>Reads and writes the <c>0x</c> form of byte strings that Ethereum's JSON-RPC uses.</summary>
internal static class HexText
{
    /// <summary>Reads exactly <paramref name="length"/> bytes; the prefix may be missing, letters may be of either case.</summary>
    public static bool TryParse(string? text, int length, out byte[] bytes)
    {
        bytes = [];
        if (text is null)
        {
            return false;
        }

        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text.AsSpan();
        if (digits.Length != length * 2)
        {
            return false;
        }

        foreach (char digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        bytes = Convert.FromHexString(digits);
        return true;
    }

    /// <summary>The prefixed, lower-case form.</summary>
    public static string Format(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
