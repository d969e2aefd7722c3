using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>When an order counts as done.</summary>
internal enum OrderWait
{
    Accepted,
    Ready,
}

/// <summary>What is ordered.</summary>
internal sealed record ProvisionedNodeInputs : ISuiteResource
{
    [Property("The contracts to work with.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key that orders and pays.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key.", Computed = true, Replaces = true)]
    public Address? Account { get; init; }

    [Property("The kind of service.", Replaces = true)]
    public required string Kind { get; init; }

    [Property("The region that the node must be in; any where absent.", Replaces = true)]
    public string? Region { get; init; }

    [Property("Whether it must run in a trusted execution environment, also where its kind does not require it.", Default = "false", Replaces = true)]
    public bool Tee { get; init; }

    [Property("The hours paid for; raising them extends the lease, lowering them has no effect on one that runs.", Default = "168", Minimum = 1, Maximum = 720)]
    public int Hours { get; init; }

    [Property("The highest price accepted when the order is placed, in the smallest unit of the payment token.")]
    public required TokenAmount MaximumPricePerHour { get; init; }

    [Property("The X25519 key for which the credentials are sealed, 0x and 64 hexadecimal digits; derived from the signer's key where absent, which a key service does not allow.", Secret = true)]
    public string? EncryptionKey { get; init; }

    [Property("When the order counts as done.", Default = "ready")]
    public OrderWait WaitFor { get; init; }
}

/// <summary>What the chain says of an order, and the opened credentials.</summary>
internal sealed record ProvisionedNodeOutputs
{
    [Property("The order's id.")]
    public Bytes32? OrderId { get; init; }

    [Property("The consumer's name for the order, from which its id follows.")]
    public Bytes32? Salt { get; init; }

    [Property("How often this order was placed anew, counted from 1.")]
    public int? Generation { get; init; }

    [Property("The state of the lease: requested, ready, degraded and so on.")]
    public string? Status { get; init; }

    [Property("The provider node that serves it.")]
    public Bytes32? ProviderNodeId { get; init; }

    [Property("The host of the endpoint; empty before readiness.")]
    public string? Host { get; init; }

    [Property("The port of the endpoint; 0 before readiness.")]
    public int? Port { get; init; }

    [Property("The agreed price per hour, in the smallest unit of the payment token.")]
    public TokenAmount? PricePerHour { get; init; }

    [Property("When the lease ends, in ISO 8601; empty before readiness.")]
    public string? ExpiresAt { get; init; }

    [Property("Address and credentials in the form that the usual clients take.", Secret = true)]
    public string? ConnectionString { get; init; }

    [Property("SHA-256 of the certificate that the service must show, in hexadecimal; absent on loopback, where there is no TLS.")]
    public string? CertificateFingerprint { get; init; }
}
