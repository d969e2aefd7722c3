using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A chain, and which one of its id.</summary>
public sealed class ChainArgs : ResourceArgs
{
    /// <summary>The address of the chain's JSON-RPC endpoint.</summary>
    [Input("endpoint", required: true)]
    public Input<string> Endpoint { get; set; } = null!;

    /// <summary>The EIP-155 id, in decimal.</summary>
    [Input("chainId", required: true)]
    public Input<string> ChainId { get; set; } = null!;

    /// <summary>The hash of block 0, where the chain may be replaced by another one of its id.</summary>
    [Input("genesisHash")]
    public Input<string>? GenesisHash { get; set; }
}

/// <summary>The contracts of the network: from the chain and the deployer follow their addresses.</summary>
public sealed class SuiteArgs : ResourceArgs
{
    /// <summary>The address of the chain's JSON-RPC endpoint.</summary>
    [Input("endpoint", required: true)]
    public Input<string> Endpoint { get; set; } = null!;

    /// <summary>The EIP-155 id, in decimal.</summary>
    [Input("chainId", required: true)]
    public Input<string> ChainId { get; set; } = null!;

    /// <summary>The hash of block 0, where the chain may be replaced by another one of its id.</summary>
    [Input("genesisHash")]
    public Input<string>? GenesisHash { get; set; }

    /// <summary>The account that deployed the contracts.</summary>
    [Input("deployer", required: true)]
    public Input<string> Deployer { get; set; } = null!;
}
