namespace Jeju.Infra.Core;

/// <summary>The Jeju chain of a network, and the chain that it is a rollup on. That is Ethereum, wherever the contracts settle.</summary>
/// <param name="L1">The chain that batches and outputs are written to.</param>
/// <param name="L2">The Jeju chain.</param>
public sealed record RollupChain(ChainId L1, ChainId L2)
{
    /// <summary>The chain of a network.</summary>
    /// <exception cref="ArgumentException">The network has no chain of its own.</exception>
    public static RollupChain Of(NetworkName network) => network switch
    {
        NetworkName.Testnet => new RollupChain(ChainId.Sepolia, ChainId.JejuTestnet),
        NetworkName.Mainnet => new RollupChain(ChainId.Ethereum, ChainId.Jeju),
        _ => throw new ArgumentException($"{network} has no chain of its own.", nameof(network)),
    };
}
