using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A chain on this machine: Anvil on a loopback port, and beside it the keeper that saves its state after every block.</summary>
public sealed class LocalChain : CustomResource
{
    /// <summary>The address of its JSON-RPC endpoint.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; } = null!;

    /// <summary>The EIP-155 id, in decimal.</summary>
    [Output("chainId")]
    public Output<string> ChainId { get; private set; } = null!;

    /// <summary>The hash of block 0.</summary>
    [Output("genesisHash")]
    public Output<string> GenesisHash { get; private set; } = null!;

    /// <summary>Whether it runs: <c>running</c> or <c>stopped</c>.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;

    /// <summary>The operating system's number of the Anvil process.</summary>
    [Output("processId")]
    public Output<int> ProcessId { get; private set; } = null!;

    /// <summary>Registers a local chain.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">Its settings.</param>
    /// <param name="options">Resource options.</param>
    public LocalChain(string name, LocalChainArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:LocalChain", name, args, options)
    {
    }
}

/// <summary>The settings of a <see cref="LocalChain"/>.</summary>
public sealed class LocalChainArgs : ResourceArgs
{
    /// <summary>The port on 127.0.0.1; 8545 where absent.</summary>
    [Input("port")]
    public Input<int>? Port { get; set; }

    /// <summary>Seconds between blocks; 0, the default, makes a block for each transaction at once.</summary>
    [Input("blockTime")]
    public Input<int>? BlockTime { get; set; }
}
