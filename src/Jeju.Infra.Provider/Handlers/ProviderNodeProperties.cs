using Jeju.Infra.Core;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>One thing that a provider node offers.</summary>
internal sealed record OfferInputs
{
    [Property("The kind of service.")]
    public required string Kind { get; init; }

    [Property("The network of the service itself.")]
    public required string Network { get; init; }

    [Property("The price per hour, in the smallest unit of the payment token.")]
    public required TokenAmount PricePerHour { get; init; }

    [Property("How many leases it can serve at a time.", Minimum = 1, Maximum = 1_000_000)]
    public required int Capacity { get; init; }

    [Property("Whether it runs in a trusted execution environment.", Default = "false")]
    public bool Tee { get; init; }
}

/// <summary>A provider node's registration and offers.</summary>
internal sealed record ProviderNodeInputs : ISuiteResource
{
    [Property("The contracts to work with.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key that signs.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key.", Computed = true, Replaces = true)]
    public Address? Account { get; init; }

    [Property("The staking node whose stake backs it.", Replaces = true)]
    public required Bytes32 StakingNodeId { get; init; }

    [Property("The public address of the node's agent, at most 256 bytes.")]
    public required Uri Endpoint { get; init; }

    [Property("The region it announces, at most 32 bytes.", Replaces = true)]
    public required string Region { get; init; }

    [Property("The account that sends heartbeats and readiness reports.")]
    public required Address Agent { get; init; }

    [Property("What it offers.")]
    public required IReadOnlyList<OfferInputs> Offers { get; init; }
}

/// <summary>What the chain says of a provider node.</summary>
internal sealed record ProviderNodeOutputs
{
    [Property("The provider node's id.")]
    public Bytes32? NodeId { get; init; }

    [Property("The account that owns it.")]
    public Address? Owner { get; init; }

    [Property("The owner's own name for the node, from which its id follows.")]
    public Bytes32? Salt { get; init; }

    [Property("What the chain says of the node: active, draining, deregistered or unknown.")]
    public string? Status { get; init; }
}
