using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>The number and byte forms of Ethereum's JSON-RPC: quantities without leading zeros, data with two digits per byte.</summary>
internal static class Hex
{
    internal static string Quantity(BigInteger value)
    {
        string digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    internal static string Data(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    internal static byte[] Bytes(string text)
    {
        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits.ToString());
    }

    // The leading zero keeps the first digit from being read as a sign.
    internal static BigInteger Number(string text) =>
        BigInteger.Parse("0" + text.AsSpan(2).ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    internal static BigInteger Number(this JsonElement element, string property) => Number(element.Text(property));

    internal static ulong Count(this JsonElement element, string property) => (ulong)element.Number(property);

    internal static byte[] Bytes(this JsonElement element, string property) => Bytes(element.Text(property));

    internal static Address Address(this JsonElement element, string property) => Core.Address.Parse(element.Text(property));

    internal static Bytes32 Bytes32(this JsonElement element, string property) => Core.Bytes32.Parse(element.Text(property));

    internal static string Text(this JsonElement element, string property) =>
        element.GetProperty(property).GetString() ?? throw new FormatException($"The node's answer has no '{property}'.");

    internal static bool Has(this JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) && value.ValueKind is not JsonValueKind.Null;
}
