using System.Numerics;

namespace Nethereum.ABI;

/// <summary>A window on encoded bytes. Offsets in it count from its start, as the ABI wants it; nothing outside the data is read.</summary>
internal readonly struct AbiReader(byte[] data, int start)
{
    internal ReadOnlySpan<byte> Slice(int offset, int count)
    {
        var from = (long)start + offset;
        if (offset < 0 || count < 0 || from + count > data.Length)
        {
            throw new FormatException($"ABI data of {data.Length} bytes ends before byte {from + count}.");
        }

        return data.AsSpan((int)from, count);
    }

    internal AbiReader At(int offset) => new(data, checked(start + offset));

    internal int ReadOffset(int offset)
    {
        var value = new BigInteger(Slice(offset, AbiNode.Word), isUnsigned: true, isBigEndian: true);
        return value <= data.Length ? (int)value : throw new FormatException($"ABI data of {data.Length} bytes names position or length {value}.");
    }

    // Without it an element count from hostile data would allocate before the first element is missed.
    internal void RequireRoomFor(int count, int size)
    {
        if ((long)count * size > data.Length - start)
        {
            throw new FormatException($"ABI data of {data.Length} bytes cannot hold {count} elements of {size} bytes.");
        }
    }
}
