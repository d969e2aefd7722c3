using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace Jeju.Infra.Protocol.Grpc;

/// <summary>The frame of a gRPC message, and the encodings of its trailers.</summary>
internal static class GrpcFraming
{
    /// <summary>One byte for compression (never used here), four for the length.</summary>
    public const int HeaderLength = 5;

    /// <summary>
    /// Google.Protobuf stops at 100, which is 32 nested objects in a property; the official SDK at 1000, and it overflows its stack at 3000.
    /// </summary>
    private const int RecursionLimit = 1000;

    /// <summary>HttpClient refuses more than 64 KB of response headers: a longer message would end a call with a useless error.</summary>
    private const int MaximumEncodedMessageLength = 16 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static TMessage Parse<TMessage>(MessageParser<TMessage> parser, ReadOnlyMemory<byte> payload)
        where TMessage : IMessage<TMessage>
    {
        using var stream = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(payload, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(payload.ToArray(), writable: false);
        using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, RecursionLimit);
        var message = parser.ParseFrom(input);
        return message;
    }

    public static void Write(IMessage message, IBufferWriter<byte> writer)
    {
        var size = message.CalculateSize();
        var header = writer.GetSpan(HeaderLength);
        header[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], checked((uint)size));
        writer.Advance(HeaderLength);
        message.WriteTo(writer);
    }

    /// <summary>The length of the message behind a frame header.</summary>
    public static int ReadHeader(ReadOnlySpan<byte> header)
    {
        if (header[0] != 0)
        {
            throw new GrpcStatusException(GrpcStatusCode.Unimplemented, "The peer sent a compressed message, which was not negotiated.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        return length <= int.MaxValue
            ? (int)length
            : throw new GrpcStatusException(GrpcStatusCode.ResourceExhausted, $"The peer sent a message of {length} bytes; the limit is {int.MaxValue}.");
    }

    /// <summary>Percent-encodes a status message for a header, cut at a character where it would be too long.</summary>
    public static string EncodeMessage(string message)
    {
        var encoded = new StringBuilder(message.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in message.EnumerateRunes())
        {
            if (encoded.Length >= MaximumEncodedMessageLength)
            {
                encoded.Append("...");
                break;
            }

            if (rune.Value is >= 0x20 and <= 0x7e and not '%')
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            var length = rune.EncodeToUtf8(utf8);
            foreach (var part in utf8[..length])
            {
                encoded.Append('%').Append(part.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    /// <summary>The inverse of <see cref="EncodeMessage"/>; what is no valid escape stays as it is.</summary>
    public static string DecodeMessage(string encoded)
    {
        if (!encoded.Contains('%', StringComparison.Ordinal))
        {
            return encoded;
        }

        var bytes = new List<byte>(encoded.Length);
        for (var index = 0; index < encoded.Length; index++)
        {
            if (encoded[index] == '%' && index + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                index += 2;
            }
            else
            {
                bytes.AddRange(StrictUtf8.GetBytes([encoded[index]]));
            }
        }

        return StrictUtf8.GetString([.. bytes]);
    }

    /// <summary>Peers send base64 in headers with and without padding.</summary>
    public static byte[] DecodeBinaryHeader(string text) =>
        Convert.FromBase64String(text.TrimEnd('=').PadRight((text.TrimEnd('=').Length + 3) / 4 * 4, '='));
}
