using Jeju.Infra.Core;
using Nethereum.Util;

namespace Jeju.Infra.Chain;

/// <summary>Addresses with the mixed-case checksum of EIP-55.</summary>
public static class Eip55
{
    /// <summary>The checksum form of an address.</summary>
    public static string ToChecksumText(this Address address) => AddressUtil.Current.ConvertToChecksumAddress(address.ToString());

    /// <summary>
    /// Reads an address that a person typed. An address in mixed case must have the right checksum; one in a single case has none to check.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    public static bool TryParse(string? text, out Address address)
    {
        if (!Address.TryParse(text, out address))
        {
            return false;
        }

        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        bool mixed = digits.Any(char.IsAsciiLetterLower) && digits.Any(char.IsAsciiLetterUpper);
        return !mixed || AddressUtil.Current.ConvertToChecksumAddress(address.ToString()) == "0x" + digits;
    }
}

/// <summary>Keccak-256.</summary>
public static class Keccak
{
    /// <summary>The hash of some bytes.</summary>
    public static Bytes32 Hash(byte[] bytes) => Bytes32.FromBytes(Sha3Keccack.Current.CalculateHash(bytes));

    /// <summary>The hash of a text's UTF-8 bytes, as Solidity's <c>keccak256("text")</c>.</summary>
    public static Bytes32 Hash(string text) => Hash(System.Text.Encoding.UTF8.GetBytes(text));
}
