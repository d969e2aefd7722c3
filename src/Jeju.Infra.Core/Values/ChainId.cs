using System.Globalization;

namespace Jeju.Infra.Core;

/// <summary>The EIP-155 id of a chain, as <c>eth_chainId</c> reports it.</summary>
/// <param name="Value">The number, 1 and up.</param>
public readonly record struct ChainId(ulong Value)
{
    /// <summary>Anvil's id; the only chain on which its well-known keys and simulated attestations are accepted.</summary>
    public static readonly ChainId Anvil = new(31337);

    /// <summary>Base, where mainnet settles.</summary>
    public static readonly ChainId Base = new(8453);

    /// <summary>Base Sepolia, where testnet settles.</summary>
    public static readonly ChainId BaseSepolia = new(84532);

    /// <summary>Ethereum, on which the Jeju chain of mainnet is a rollup.</summary>
    public static readonly ChainId Ethereum = new(1);

    /// <summary>Sepolia, on which the Jeju chain of testnet is a rollup.</summary>
    public static readonly ChainId Sepolia = new(11155111);

    /// <summary>The Jeju chain.</summary>
    public static readonly ChainId Jeju = new(420691);

    /// <summary>The Jeju chain of testnet.</summary>
    public static readonly ChainId JejuTestnet = new(420690);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
