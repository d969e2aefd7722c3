using Nethereum.Hex.HexConvertors.Extensions;

namespace Nethereum.Util;

/// <summary>Addresses with the EIP-55 checksum.</summary>
public class AddressUtil
{
    public static AddressUtil Current { get; } = new();

    public string ConvertToChecksumAddress(byte[] address) => ConvertToChecksumAddress(address.ToHex());

    public string ConvertToChecksumAddress(string address)
    {
        var digits = address.RemoveHexPrefix().ToLowerInvariant();
        var hash = Sha3Keccack.Current.CalculateHash(System.Text.Encoding.ASCII.GetBytes(digits)).ToHex();
        return "0x" + string.Create(digits.Length, (digits, hash), static (text, state) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                var digit = state.digits[index];
                text[index] = state.hash[index] >= '8' ? char.ToUpperInvariant(digit) : digit;
            }
        });
    }

    public bool IsChecksumAddress(string address) => ConvertToChecksumAddress(address) == address;
}
