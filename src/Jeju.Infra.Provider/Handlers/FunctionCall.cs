using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>A call that is written as text: a signature such as <c>setProtocolFee(uint16)</c>, and arguments of one word each.</summary>
internal static partial class FunctionCall
{
    /// <summary>What is wrong with a signature and its arguments; null when nothing is.</summary>
    public static string? FindProblem(string signature, IReadOnlyList<string> arguments)
    {
        if (!Signature().IsMatch(signature))
        {
            return $"'{signature}' is no function with arguments of one word: write one such as setProtocolFee(uint16)";
        }

        var types = TypesOf(signature);
        return types.Count != arguments.Count
            ? $"{signature} takes {types.Count} arguments, not {arguments.Count}"
            : types.Zip(arguments).Where(pair => EncodeWord(pair.First, pair.Second) is null).Select(pair => $"'{pair.Second}' is no {pair.First}").FirstOrDefault();
    }

    /// <summary>The first four bytes of a call.</summary>
    public static byte[] SelectorOf(string signature) => Keccak.Hash(signature).ToBytes()[..4];

    /// <summary>The call data of a signature and arguments without problems.</summary>
    public static byte[] Encode(string signature, IReadOnlyList<string> arguments) =>
        [.. SelectorOf(signature), .. TypesOf(signature).Zip(arguments).SelectMany(pair => EncodeWord(pair.First, pair.Second) ?? throw new FormatException(pair.Second))];

    private static IReadOnlyList<string> TypesOf(string signature)
    {
        var inside = signature[(signature.IndexOf('(', StringComparison.Ordinal) + 1)..^1];
        return inside.Length == 0 ? [] : inside.Split(',');
    }

    private static byte[]? EncodeWord(string type, string text) => type switch
    {
        "address" => Address.TryParse(text, out var address) ? [.. new byte[12], .. address.ToBytes()] : null,
        "bytes32" => Bytes32.TryParse(text, out var value) ? value.ToBytes() : null,
        "bool" => bool.TryParse(text, out var flag) ? [.. new byte[31], (byte)(flag ? 1 : 0)] : null,
        _ => BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number.GetBitLength() <= int.Parse(type.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture)
                ? [.. new byte[32 - number.GetByteCount(isUnsigned: true)], .. number.ToByteArray(isUnsigned: true, isBigEndian: true)]
                : null,
    };

    [GeneratedRegex(@"^[A-Za-z_]\w*\(((address|bytes32|bool|uint(8|16|32|64|96|128|256))(,(address|bytes32|bool|uint(8|16|32|64|96|128|256)))*)?\)$")]
    private static partial Regex Signature();
}
