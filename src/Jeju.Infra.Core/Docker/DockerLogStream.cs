using System.Buffers.Binary;
using System.Text;

namespace Jeju.Infra.Core.Docker;

/// <summary>
/// The daemon's log format for a container without a terminal: frames of 8 bytes header (stream number, three zeros, length big-endian) and
/// that many bytes of text.
/// </summary>
internal static class DockerLogStream
{
    private const int HeaderLength = 8;

    /// <summary>The text of all complete frames, in order; a last frame that was cut off is left out.</summary>
    public static string Text(ReadOnlySpan<byte> frames)
    {
        StringBuilder text = new();
        while (frames.Length >= HeaderLength)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(frames[4..HeaderLength]);
            if (length > (uint)(frames.Length - HeaderLength))
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(frames.Slice(HeaderLength, (int)length)));
            frames = frames[(HeaderLength + (int)length)..];
        }

        return text.ToString();
    }
}
