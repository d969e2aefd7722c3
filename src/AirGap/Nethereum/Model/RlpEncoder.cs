using System.Numerics;

namespace Nethereum.Model;

/// <summary>Recursive length prefix encoding, as far as transactions need it.</summary>
internal static class RlpEncoder
{
    private const int ShortLimit = 55;

    internal static byte[] Bytes(byte[] value)
        => value.Length == 1 && value[0] < 0x80 ? value : [.. Header(0x80, value.Length), .. value];

    internal static byte[] Number(BigInteger value)
        => Bytes(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));

    internal static byte[] List(params byte[][] elements)
    {
        var body = elements.SelectMany(element => element).ToArray();
        return [.. Header(0xc0, body.Length), .. body];
    }

    private static byte[] Header(byte offset, int length)
    {
        if (length <= ShortLimit)
        {
            return [(byte)(offset + length)];
        }

        var size = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(offset + ShortLimit + size.Length), .. size];
    }
}
