using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Jeju.Infra.Core;

/// <summary>A range of IPv4 addresses in CIDR form (RFC 4632), for example <c>10.1.0.0/16</c>. The host bits are always zero.</summary>
public readonly record struct CidrBlock
{
    /// <summary>Makes a block from its first address and prefix length.</summary>
    /// <param name="first">The first address as a number; bits below the prefix must be zero.</param>
    /// <param name="prefixLength">0 to 32.</param>
    /// <exception cref="ArgumentException">The prefix is out of range, or host bits are set.</exception>
    public CidrBlock(uint first, int prefixLength)
    {
        if (prefixLength is < 0 or > 32)
        {
            throw new ArgumentException($"A prefix length is 0 to 32, not {prefixLength}.", nameof(prefixLength));
        }

        if (HostBits(first, prefixLength) is { } problem)
        {
            throw new ArgumentException(problem, nameof(first));
        }

        First = first;
        PrefixLength = prefixLength;
    }

    /// <summary>The first address as a number.</summary>
    public uint First { get; }

    /// <summary>The number of fixed bits, 0 to 32.</summary>
    public int PrefixLength { get; }

    /// <summary>How many addresses the block holds, 1 to 2^32.</summary>
    public ulong Size => 1UL << (32 - PrefixLength);

    private uint Last => (uint)(First + (Size - 1));

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">Not an IPv4 block in CIDR form, or host bits are set.</exception>
    public static CidrBlock Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2
            || parts[0].Split('.').Length != 4
            || !IPAddress.TryParse(parts[0], out IPAddress? address)
            || address.AddressFamily != AddressFamily.InterNetwork
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int prefixLength))
        {
            throw new FormatException($"'{text}' is not an IPv4 block such as 10.1.0.0/16.");
        }

        if (prefixLength > 32)
        {
            throw new FormatException($"A prefix length is 0 to 32, not {prefixLength}.");
        }

        uint first = BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
        return HostBits(first, prefixLength) is { } problem ? throw new FormatException(problem) : new CidrBlock(first, prefixLength);
    }

    /// <summary>Whether the two share an address.</summary>
    public bool Overlaps(CidrBlock other) => First <= other.Last && other.First <= Last;

    /// <summary>Whether every address of the other is in this one.</summary>
    public bool Contains(CidrBlock other) => First <= other.First && other.Last <= Last;

    /// <summary>One of the equal parts of this block.</summary>
    /// <param name="prefixLength">The parts' prefix length, this one's to 32.</param>
    /// <param name="index">Which part, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public CidrBlock Part(int prefixLength, int index)
    {
        if (prefixLength < PrefixLength || prefixLength > 32)
        {
            throw new ArgumentOutOfRangeException(nameof(prefixLength), prefixLength, $"A part of {this} has a prefix of {PrefixLength} to 32.");
        }

        ulong count = 1UL << (prefixLength - PrefixLength);
        if (index < 0 || (ulong)index >= count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{this} has {count} parts of /{prefixLength}.");
        }

        return new CidrBlock((uint)(First + ((ulong)index << (32 - prefixLength))), prefixLength);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FormatAddress(First)}/{PrefixLength}");

    private static string? HostBits(uint first, int prefixLength)
    {
        uint host = (uint)(first % (1UL << (32 - prefixLength)));
        return host == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{FormatAddress(first)}/{prefixLength} has host bits set; the block that contains it is {FormatAddress(first - host)}/{prefixLength}.");
    }

    private static string FormatAddress(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }
}
