namespace Nethereum.Hex.HexConvertors.Extensions;

/// <summary>Bytes as hexadecimal text and back.</summary>
public static class HexByteConvertorExtensions
{
    private const string Prefix = "0x";

    public static string ToHex(this byte[] value, bool prefix = false) => (prefix ? Prefix : "") + Convert.ToHexStringLower(value);

    public static bool HasHexPrefix(this string value) => value.StartsWith(Prefix, StringComparison.Ordinal);

    public static string RemoveHexPrefix(this string value) => value.HasHexPrefix() ? value[Prefix.Length..] : value;

    public static byte[] HexToByteArray(this string value)
    {
        var digits = value.RemoveHexPrefix();
        return Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits);
    }
}
