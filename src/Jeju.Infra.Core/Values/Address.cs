using System.Diagnostics.CodeAnalysis;

namespace Jeju.Infra.Core;

/// <summary>
/// A 20-byte Ethereum account or contract address. Equality is by value. The text form is lower case; the EIP-55 checksum form needs Keccak
/// and lives in the chain layer.
/// </summary>
public readonly struct Address : IEquatable<Address>, ISpanParsable<Address>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 20;

    private readonly string? _text;

    private Address(string text) => _text = text;

    /// <summary>The zero address, which stands for "none".</summary>
    public static Address Zero { get; } = new("0x" + new string('0', Length * 2));

    /// <summary>Whether this is the zero address (an uninitialised value is too).</summary>
    public bool IsZero => Equals(Zero);

    /// <summary>Makes an address of exactly 20 bytes.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static Address FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new(HexText.Format(bytes))
        : throw new ArgumentException($"An address has {Length} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>The 20 bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(ToString().AsSpan(2));

    /// <summary>Reads 40 hexadecimal digits, with or without <c>0x</c>, in either case.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Address Parse(string text) => TryParse(text, out Address address)
        ? address
        : throw new FormatException($"'{text}' is not an address: expected 0x and {Length * 2} hexadecimal digits.");

    /// <inheritdoc cref="Parse(string)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address)
    {
        bool read = HexText.TryParse(text, Length, out byte[] bytes);
        address = read ? FromBytes(bytes) : default;
        return read;
    }

    /// <inheritdoc/>
    public static Address Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Address result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static Address Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Address result) => TryParse(s.ToString(), out result);

    /// <inheritdoc/>
    public bool Equals(Address other) => string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Address other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The prefixed, lower-case form.</summary>
    public override string ToString() => _text ?? Zero._text ?? string.Empty;

    /// <summary>Equality by value.</summary>
    public static bool operator ==(Address left, Address right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(Address left, Address right) => !left.Equals(right);
}
