using Pulumi;

namespace Jeju.Infra.Components.Resources;

/// <summary>A service ordered through <c>ExternalChainProvider.provisionNode</c>: the lease, its endpoint and its credentials.</summary>
public sealed class ProvisionedNode : CustomResource
{
    /// <summary>The order's id.</summary>
    [Output("orderId")]
    public Output<string> OrderId { get; private set; } = null!;

    /// <summary>How often this order was placed anew.</summary>
    [Output("generation")]
    public Output<int> Generation { get; private set; } = null!;

    /// <summary>The state of the lease.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;

    /// <summary>The provider node that serves it.</summary>
    [Output("providerNodeId")]
    public Output<string> ProviderNodeId { get; private set; } = null!;

    /// <summary>The host of the endpoint.</summary>
    [Output("host")]
    public Output<string> Host { get; private set; } = null!;

    /// <summary>The port of the endpoint.</summary>
    [Output("port")]
    public Output<int> Port { get; private set; } = null!;

    /// <summary>The agreed price per hour, in the smallest unit of the payment token.</summary>
    [Output("pricePerHour")]
    public Output<string> PricePerHour { get; private set; } = null!;

    /// <summary>When the lease ends, in ISO 8601.</summary>
    [Output("expiresAt")]
    public Output<string> ExpiresAt { get; private set; } = null!;

    /// <summary>Address and credentials in the form that the usual clients take; a secret.</summary>
    [Output("connectionString")]
    public Output<string> ConnectionString { get; private set; } = null!;

    /// <summary>SHA-256 of the certificate that the service must show, in hexadecimal; absent on loopback, where there is no TLS.</summary>
    [Output("certificateFingerprint")]
    public Output<string?> CertificateFingerprint { get; private set; } = null!;

    /// <summary>Registers the resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="args">What it is to be.</param>
    /// <param name="options">Resource options.</param>
    public ProvisionedNode(string name, ProvisionedNodeArgs args, CustomResourceOptions? options = null)
        : base("jeju:index:ProvisionedNode", name, args, options)
    {
    }
}

/// <summary>What a <see cref="ProvisionedNode"/> is to be.</summary>
public sealed class ProvisionedNodeArgs : ResourceArgs
{
    /// <summary>The contracts to work with.</summary>
    [Input("suite", required: true)]
    public Input<SuiteArgs> Suite { get; set; } = null!;

    /// <summary>The key that signs.</summary>
    [Input("signer", required: true)]
    public Input<SignerArgs> Signer { get; set; } = null!;

    /// <summary>The kind of service.</summary>
    [Input("kind", required: true)]
    public Input<string> Kind { get; set; } = null!;

    /// <summary>The region that the node must be in.</summary>
    [Input("region")]
    public Input<string>? Region { get; set; }

    /// <summary>Whether it must run in a trusted execution environment.</summary>
    [Input("tee")]
    public Input<bool>? Tee { get; set; }

    /// <summary>The length of the lease in hours.</summary>
    [Input("hours")]
    public Input<int>? Hours { get; set; }

    /// <summary>The highest price accepted, in the smallest unit of the payment token.</summary>
    [Input("maximumPricePerHour", required: true)]
    public Input<string> MaximumPricePerHour { get; set; } = null!;

    /// <summary>When the order counts as done: <c>accepted</c> or <c>ready</c>.</summary>
    [Input("waitFor")]
    public Input<string>? WaitFor { get; set; }

    [Input("encryptionKey")]
    private Input<string>? _encryptionKey;

    /// <summary>
    /// The X25519 key for which the credentials are sealed, 0x and 64 hexadecimal digits; derived from the signer's key where absent, which a key
    /// service does not allow. Always a secret.
    /// </summary>
    public Input<string>? EncryptionKey
    {
        get => _encryptionKey;
        set
        {
            _encryptionKey = null;
            if (value is not null)
            {
                _encryptionKey = Output.CreateSecret(value.ToOutput());
            }
        }
    }
}
