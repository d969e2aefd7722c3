using System.Buffers.Binary;
using System.Text;

namespace Jeju.Infra.Marketplace.Gateway;

/// <summary>What the first bytes of a connection are so far.</summary>
internal enum HelloState
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A TLS ClientHello, complete.</summary>
    Complete,

    /// <summary>No TLS.</summary>
    Foreign,
}

/// <summary>Reads the server's name out of the first message of TLS (RFC 8446, section 4.1.2; RFC 6066, section 3), and nothing else: the gateway takes no part in the handshake.</summary>
internal static class ClientHello
{
    /// <summary>A client needs far less; more is nobody's first message.</summary>
    public const int LongestHello = 32 * 1024;

    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const int LongestRecord = 16 * 1024;

    /// <summary>Looks at what has come so far.</summary>
    /// <param name="received">The connection's first bytes.</param>
    /// <returns>The state, and the name that the client asks for; null where it names none.</returns>
    public static (HelloState State, string? Host) Read(ReadOnlySpan<byte> received)
    {
        byte[] message = new byte[received.Length];
        int length = 0;
        while (!received.IsEmpty)
        {
            if (received[0] != HandshakeRecord || (received.Length > 1 && received[1] != 3))
            {
                return (HelloState.Foreign, null);
            }

            if (received.Length < RecordHeader)
            {
                break;
            }

            int record = BinaryPrimitives.ReadUInt16BigEndian(received[3..]);
            if (record is 0 or > LongestRecord)
            {
                return (HelloState.Foreign, null);
            }

            // A message may be spread over records.
            ReadOnlySpan<byte> part = received.Slice(RecordHeader, Math.Min(record, received.Length - RecordHeader));
            part.CopyTo(message.AsSpan(length));
            length += part.Length;
            received = received[(RecordHeader + part.Length)..];
            if (length >= MessageHeader)
            {
                if (message[0] != ClientHelloMessage)
                {
                    return (HelloState.Foreign, null);
                }

                int wanted = MessageHeader + (message[1] << 16) + BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2));
                if (wanted > LongestHello)
                {
                    return (HelloState.Foreign, null);
                }

                if (length >= wanted)
                {
                    Fields fields = new(message.AsSpan(MessageHeader, wanted - MessageHeader));
                    string? host = HostOf(ref fields);
                    return fields.IsBroken ? (HelloState.Foreign, null) : (HelloState.Complete, host);
                }
            }

            if (part.Length < record)
            {
                break;
            }
        }

        return (HelloState.Incomplete, null);
    }

    private static string? HostOf(ref Fields hello)
    {
        const int VersionAndRandom = 2 + 32;
        const ushort ServerName = 0;
        const byte HostName = 0;
        hello.Take(VersionAndRandom);
        hello.Take(hello.Byte());
        hello.Take(hello.Number());
        hello.Take(hello.Byte());
        if (hello.IsEmpty)
        {
            return null;
        }

        Fields extensions = new(hello.Take(hello.Number()));
        string? host = null;
        while (!extensions.IsEmpty)
        {
            ushort type = extensions.Number();
            Fields content = new(extensions.Take(extensions.Number()));
            if (type == ServerName && host is null)
            {
                Fields names = new(content.Take(content.Number()));
                byte kind = names.Byte();
                ReadOnlySpan<byte> name = names.Take(names.Number());
                host = kind == HostName && !names.IsBroken ? Encoding.ASCII.GetString(name).TrimEnd('.') : null;
            }
        }

        hello.IsBroken |= extensions.IsBroken;
        return host;
    }

    /// <summary>Takes fields off the front; one that is not there gives nothing, and is remembered.</summary>
    private ref struct Fields(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public bool IsBroken { get; set; }

        public readonly bool IsEmpty => _rest.IsEmpty;

        public ReadOnlySpan<byte> Take(int count)
        {
            if (count > _rest.Length)
            {
                IsBroken = true;
                _rest = [];
                return [];
            }

            ReadOnlySpan<byte> taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }

        public byte Byte() => Take(1) is [byte value] ? value : (byte)0;

        public ushort Number() => Take(2) is { Length: 2 } value ? BinaryPrimitives.ReadUInt16BigEndian(value) : (ushort)0;
    }
}
