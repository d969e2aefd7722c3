using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Jeju.Infra.Chain.Bindings;

namespace Jeju.Infra.Chain;

/// <summary>
/// Turns revert data into the typed error. The errors that the bindings know are registered by their selectors; a text and a failed
/// assertion, which every contract can give, are read here.
/// </summary>
public static class RevertDecoder
{
    private const uint TextSelector = 0x08c379a0;
    private const uint PanicSelector = 0x4e487b71;
    private const int Word = 32;
    private static readonly Dictionary<uint, Func<byte[], ContractRevert>> Known = [];

    static RevertDecoder() => ContractErrors.Register();

    /// <summary>Reads revert data; unknown data is given as it is.</summary>
    public static ContractRevert Decode(byte[] data)
    {
        if (data.Length < sizeof(uint))
        {
            return new ContractRevert("unknown", data.Length == 0 ? [] : [("data", data)], data);
        }

        uint selector = BinaryPrimitives.ReadUInt32BigEndian(data);
        return selector switch
        {
            _ when Known.TryGetValue(selector, out Func<byte[], ContractRevert>? decode) => decode(data),
            TextSelector when data.Length >= sizeof(uint) + (2 * Word) => Text(data),
            PanicSelector when data.Length >= sizeof(uint) + Word => new ContractRevert(
                "Panic", [("code", new BigInteger(data.AsSpan(sizeof(uint), Word), isUnsigned: true, isBigEndian: true))], data),
            _ => new ContractRevert("unknown", [("data", data)], data),
        };
    }

    /// <summary>Adds an error that the bindings know.</summary>
    internal static void Register(uint selector, Func<byte[], ContractRevert> decode) => Known[selector] = decode;

    private static ContractRevert Text(byte[] data)
    {
        ReadOnlySpan<byte> body = data.AsSpan(sizeof(uint) + Word);
        int length = (int)BigInteger.Min(new BigInteger(body[..Word], isUnsigned: true, isBigEndian: true), body.Length - Word);
        return new ContractRevert("Error", [(string.Empty, Encoding.UTF8.GetString(body.Slice(Word, length)))], data);
    }
}
