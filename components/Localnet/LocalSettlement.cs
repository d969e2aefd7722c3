using Jeju.Infra.Components.Resources;
using Pulumi;

namespace Jeju.Infra.Components.Localnet;

/// <summary>The settlement chain of the localnet: Anvil on this machine.</summary>
public sealed class LocalSettlement : ComponentResource
{
    /// <summary>The address of the chain's JSON-RPC endpoint.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; }

    /// <summary>The EIP-155 id, in decimal.</summary>
    [Output("chainId")]
    public Output<string> ChainId { get; private set; }

    /// <summary>The hash of block 0.</summary>
    [Output("genesisHash")]
    public Output<string> GenesisHash { get; private set; }

    /// <summary>Registers the chain.</summary>
    /// <param name="name">The component's name.</param>
    /// <param name="args">Its settings.</param>
    /// <param name="options">Resource options.</param>
    public LocalSettlement(string name, LocalSettlementArgs args, ComponentResourceOptions? options = null)
        : base("jeju:localnet:LocalSettlement", name, args, options)
    {
        var chain = new LocalChain(
            name,
            new LocalChainArgs { Port = args.Port, BlockTime = args.BlockTime },
            new CustomResourceOptions { Parent = this });

        Endpoint = chain.Endpoint;
        ChainId = chain.ChainId;
        GenesisHash = chain.GenesisHash;
        Reference = new ChainArgs { Endpoint = chain.Endpoint, ChainId = chain.ChainId, GenesisHash = chain.GenesisHash };
        RegisterOutputs(new Dictionary<string, object?> { ["endpoint"] = Endpoint, ["chainId"] = ChainId, ["genesisHash"] = GenesisHash });
    }

    /// <summary>The chain as the contracts' arguments take it.</summary>
    public ChainArgs Reference { get; }
}

/// <summary>The settings of a <see cref="LocalSettlement"/>.</summary>
public sealed class LocalSettlementArgs : ResourceArgs
{
    /// <summary>The port on 127.0.0.1.</summary>
    [Input("port", required: true)]
    public Input<int> Port { get; set; } = null!;

    /// <summary>Seconds between blocks; 0 makes a block for each transaction at once.</summary>
    [Input("blockTime", required: true)]
    public Input<int> BlockTime { get; set; } = null!;
}
