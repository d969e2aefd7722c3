using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>The agent of a provider node on this machine: a process of its own that lives on after the deployment.</summary>
public sealed class ProviderAgent : CustomResource
{
    /// <summary>The operating system's number of the process.</summary>
    [Output("processId")]
    public Output<int> ProcessId { get; private set; } = null!;

    /// <summary>Whether it runs: <c>running</c> or <c>stopped</c>.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;

    /// <summary>Where it answers about its state.</summary>
    [Output("statusEndpoint")]
    public Output<string> StatusEndpoint { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public ProviderAgent(string name, ProviderAgentArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:ProviderAgent", name, args, options)
    {
    }
}

/// <summary>What a <see cref="ProviderAgent"/> is to be.</summary>
public sealed class ProviderAgentArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that signs.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The provider node that it serves.</summary>
    [Input("nodeId", required: true)]
    public Input<string> NodeId { get; set; } = null!;

    /// <summary>Where workloads run: <c>docker</c> or <c>null</c>.</summary>
    [Input("backend")]
    public Input<string>? Backend { get; set; }

    /// <summary>The range from which every lease gets a /28 network of its own.</summary>
    [Input("networkRange")]
    public Input<string>? NetworkRange { get; set; }
}
