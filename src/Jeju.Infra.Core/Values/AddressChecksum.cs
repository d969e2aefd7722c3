using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Jeju.Infra.Core;

/// <summary>
/// The mixed-case checksum of EIP-55, for readers of settings that must not know the chain layer. The framework's SHA-3 pads its input
/// otherwise than Keccak-256 does, hence the permutation here (FIPS 202, section 3; padding of the Keccak submission).
/// </summary>
public static class AddressChecksum
{
    private const int RateBytes = 136;
    private const int Rounds = 24;

    private static readonly int[] Rotations = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
    private static readonly int[] Lanes = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    /// <summary>
    /// Whether an address that a person typed is as it should be: in mixed case its checksum must be right, in a single case it has none.
    /// </summary>
    /// <param name="text">40 hexadecimal digits, with or without <c>0x</c>.</param>
    public static bool IsRight(string text)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        bool mixed = digits.Any(char.IsAsciiLetterLower) && digits.Any(char.IsAsciiLetterUpper);
        return !mixed || digits == WithChecksum(digits);
    }

    private static string WithChecksum(string digits)
    {
        string lower = digits.ToLowerInvariant();
        byte[] hash = Hash(Encoding.ASCII.GetBytes(lower));
        return string.Concat(lower.Select((digit, index) =>
        {
            int nibble = (hash[index / 2] >> (index % 2 == 0 ? 4 : 0)) & 0xf;
            return nibble >= 8 ? char.ToUpper(digit, CultureInfo.InvariantCulture) : digit;
        }));
    }

    /// <summary>Keccak-256 of fewer bytes than one block holds.</summary>
    private static byte[] Hash(ReadOnlySpan<byte> bytes)
    {
        byte[] block = new byte[RateBytes];
        bytes.CopyTo(block);
        block[bytes.Length] = 0x01;
        block[^1] |= 0x80;

        ulong[] state = new ulong[25];
        for (int lane = 0; lane < RateBytes / 8; lane++)
        {
            state[lane] = BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(lane * 8));
        }

        Permute(state);
        byte[] hash = new byte[32];
        for (int lane = 0; lane < 4; lane++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hash.AsSpan(lane * 8), state[lane]);
        }

        return hash;
    }

    private static void Permute(ulong[] state)
    {
        byte register = 1;
        ulong[] row = new ulong[5];
        for (int round = 0; round < Rounds; round++)
        {
            for (int x = 0; x < 5; x++)
            {
                row[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }

            for (int x = 0; x < 5; x++)
            {
                ulong mix = row[(x + 4) % 5] ^ BitOperations.RotateLeft(row[(x + 1) % 5], 1);
                for (int y = 0; y < 25; y += 5)
                {
                    state[y + x] ^= mix;
                }
            }

            ulong moved = state[1];
            for (int step = 0; step < Lanes.Length; step++)
            {
                (moved, state[Lanes[step]]) = (state[Lanes[step]], BitOperations.RotateLeft(moved, Rotations[step]));
            }

            for (int y = 0; y < 25; y += 5)
            {
                Array.Copy(state, y, row, 0, 5);
                for (int x = 0; x < 5; x++)
                {
                    state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
                }
            }

            state[0] ^= RoundConstant(ref register);
        }
    }

    /// <summary>The next round constant, from the linear feedback shift register of the specification.</summary>
    private static ulong RoundConstant(ref byte register)
    {
        ulong constant = 0;
        for (int bit = 0; bit < 7; bit++)
        {
            if ((register & 1) != 0)
            {
                constant |= 1UL << ((1 << bit) - 1);
            }

            register = (byte)((register << 1) ^ ((register >> 7) * 0x71));
        }

        return constant;
    }
}
