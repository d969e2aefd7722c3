using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Jeju.Infra.Core;

/// <summary>A Solidity <c>bytes32</c>: an order id, a node id, a salt, a hash, or a short name padded with zeros at the end.</summary>
public readonly struct Bytes32 : IEquatable<Bytes32>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly string? _text;

    private Bytes32(string text) => _text = text;

    /// <summary>All zeros, which stands for "none".</summary>
    public static Bytes32 Zero { get; } = new("0x" + new string('0', Length * 2));

    /// <summary>Whether all bytes are zero (an uninitialised value is too).</summary>
    public bool IsZero => Equals(Zero);

    /// <summary>Makes a value of exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static Bytes32 FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new(HexText.Format(bytes))
        : throw new ArgumentException($"A bytes32 has {Length} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>A short name as Solidity's string literal gives it: the UTF-8 bytes, then zeros.</summary>
    /// <exception cref="ArgumentException">The name is longer than 32 bytes.</exception>
    public static Bytes32 FromName(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length > Length)
        {
            throw new ArgumentException($"The name '{name}' has {bytes.Length} bytes; a bytes32 name has at most {Length}.", nameof(name));
        }

        Array.Resize(ref bytes, Length);
        return FromBytes(bytes);
    }

    /// <summary>The short name that <see cref="FromName"/> encoded: the bytes up to the first zero, as UTF-8.</summary>
    public string ToName()
    {
        byte[] bytes = ToBytes();
        int end = Array.IndexOf(bytes, (byte)0);
        return Encoding.UTF8.GetString(bytes, 0, end < 0 ? bytes.Length : end);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(ToString().AsSpan(2));

    /// <summary>Reads 64 hexadecimal digits, with or without <c>0x</c>, in either case.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Bytes32 Parse(string text) => TryParse(text, out Bytes32 value)
        ? value
        : throw new FormatException($"'{text}' is not a bytes32: expected 0x and {Length * 2} hexadecimal digits.");

    /// <inheritdoc cref="Parse(string)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Bytes32 value)
    {
        bool read = HexText.TryParse(text, Length, out byte[] bytes);
        value = read ? FromBytes(bytes) : default;
        return read;
    }

    /// <inheritdoc/>
    public bool Equals(Bytes32 other) => string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Bytes32 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The prefixed, lower-case form.</summary>
    public override string ToString() => _text ?? Zero._text ?? string.Empty;

    /// <summary>Equality by value.</summary>
    public static bool operator ==(Bytes32 left, Bytes32 right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(Bytes32 left, Bytes32 right) => !left.Equals(right);
}
