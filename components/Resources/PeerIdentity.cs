using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>An identity among libp2p peers: a key that nobody has seen, made once and kept in the state as a secret, and the peer id that follows from it.</summary>
public sealed class PeerIdentity : CustomResource
{
    /// <summary>The private key: 32 bytes in hexadecimal; a secret.</summary>
    [Output("privateKey")]
    public Output<string> PrivateKey { get; private set; } = null!;

    /// <summary>The peer id, for example <c>16Uiu2HAm...</c>.</summary>
    [Output("peerId")]
    public Output<string> PeerId { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public PeerIdentity(string name, PeerIdentityArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:PeerIdentity", name, args, CustomResourceOptions.Merge(new CustomResourceOptions { AdditionalSecretOutputs = { "privateKey" } }, options))
    {
    }
}

/// <summary>What a <see cref="PeerIdentity"/> is to be.</summary>
public sealed class PeerIdentityArgs : ResourceArgs
{
    /// <summary>Another number makes another identity; 1 where absent.</summary>
    [Input("generation")]
    public Input<int>? Generation { get; set; }
}
