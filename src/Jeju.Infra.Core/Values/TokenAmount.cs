using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Jeju.Infra.Core;

/// <summary>
/// An amount of a token in its smallest unit (wei for JEJU with 18 decimals, millionths for a dollar token with 6). Never negative, at most
/// 2^256 - 1, as a Solidity <c>uint256</c>. Arithmetic is exact and throws on overflow; the number of decimals is the token's, not the amount's.
/// </summary>
/// <param name="Units">The amount in the smallest unit, 0 to 2^256 - 1.</param>
public readonly record struct TokenAmount(BigInteger Units) : IComparable<TokenAmount>
{
    /// <summary>The largest amount, 2^256 - 1.</summary>
    public static readonly BigInteger Maximum = (BigInteger.One << 256) - 1;

    /// <summary>The amount in the smallest unit, 0 to 2^256 - 1.</summary>
    public BigInteger Units { get; } = Units.Sign >= 0 && Units <= Maximum
        ? Units
        : throw new ArgumentOutOfRangeException(nameof(Units), Units, "A token amount is between 0 and 2^256 - 1.");

    /// <summary>Nothing.</summary>
    public static TokenAmount Zero => new(BigInteger.Zero);

    /// <summary>An amount of whole tokens.</summary>
    /// <param name="tokens">The number of whole tokens.</param>
    /// <param name="decimals">The token's decimals, 0 to 77.</param>
    public static TokenAmount FromTokens(BigInteger tokens, int decimals) => new(tokens * BigInteger.Pow(10, decimals));

    /// <summary>Reads a decimal number of tokens such as <c>10000</c> or <c>0.25</c>, exactly.</summary>
    /// <param name="text">Digits with at most one point; no sign, no exponent, no group separators.</param>
    /// <param name="decimals">The token's decimals; more digits after the point than this are refused.</param>
    /// <param name="amount">The amount read.</param>
    public static bool TryParseTokens([NotNullWhen(true)] string? text, int decimals, out TokenAmount amount)
    {
        amount = Zero;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        string[] parts = text.Split('.');
        string fraction = parts.Length == 2 ? parts[1] : string.Empty;
        if (parts.Length > 2 || parts[0].Length == 0 || (parts.Length == 2 && fraction.Length == 0) || fraction.Length > decimals
            || !parts.All(part => part.All(char.IsAsciiDigit)))
        {
            return false;
        }

        BigInteger units = BigInteger.Parse(parts[0] + fraction.PadRight(decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        if (units > Maximum)
        {
            return false;
        }

        amount = new TokenAmount(units);
        return true;
    }

    /// <summary>The number of tokens in decimal, without trailing zeros.</summary>
    /// <param name="decimals">The token's decimals, 0 to 77.</param>
    public string ToTokens(int decimals)
    {
        if (decimals == 0)
        {
            return ToString();
        }

        string digits = ToString().PadLeft(decimals + 1, '0');
        string fraction = digits[^decimals..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^decimals] : $"{digits[..^decimals]}.{fraction}";
    }

    /// <inheritdoc/>
    public int CompareTo(TokenAmount other) => Units.CompareTo(other.Units);

    /// <summary>The amount in the smallest unit, in decimal.</summary>
    public override string ToString() => Units.ToString(CultureInfo.InvariantCulture);

    /// <summary>Exact sum.</summary>
    public static TokenAmount operator +(TokenAmount left, TokenAmount right) => new(left.Units + right.Units);

    /// <summary>Exact difference; less than nothing is refused.</summary>
    public static TokenAmount operator -(TokenAmount left, TokenAmount right) => new(left.Units - right.Units);

    /// <summary>Comparison by amount.</summary>
    public static bool operator <(TokenAmount left, TokenAmount right) => left.Units < right.Units;

    /// <summary>Comparison by amount.</summary>
    public static bool operator >(TokenAmount left, TokenAmount right) => left.Units > right.Units;

    /// <summary>Comparison by amount.</summary>
    public static bool operator <=(TokenAmount left, TokenAmount right) => left.Units <= right.Units;

    /// <summary>Comparison by amount.</summary>
    public static bool operator >=(TokenAmount left, TokenAmount right) => left.Units >= right.Units;
}
