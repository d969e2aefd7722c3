using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>An order as its provider node sees it on chain, at one moment.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="State">What the contract says it is; None when the chain does not know it (it was rolled back).</param>
/// <param name="IsOurs">Whether the present placement is at this provider node.</param>
/// <param name="Kind">The kind's name on chain.</param>
/// <param name="Network">The network's name on chain.</param>
/// <param name="Limits">What governance requires for the kind.</param>
/// <param name="NeedsTee">Whether readiness needs an attestation.</param>
/// <param name="EncryptionKey">For whom credentials are sealed.</param>
/// <param name="Generation">The order's generation.</param>
/// <param name="SecondsToDeadline">From the block at which this was read to the deadline of readiness; negative when over.</param>
/// <param name="Endpoint">The reported endpoint; null before readiness.</param>
internal sealed record Lease(
    Bytes32 OrderId,
    ExternalChainProviderTypes.OrderState State,
    bool IsOurs,
    Bytes32 Kind,
    Bytes32 Network,
    WorkloadLimits Limits,
    bool NeedsTee,
    Bytes32 EncryptionKey,
    ulong Generation,
    long SecondsToDeadline,
    ServiceEndpoint? Endpoint)
{
    /// <summary>Whether a workload should run for it at this provider node.</summary>
    public bool IsToBeServed => IsOurs && (IsRequested || IsReported);

    /// <summary>Whether it waits for readiness.</summary>
    public bool IsRequested => State == ExternalChainProviderTypes.OrderState.Requested;

    /// <summary>Whether readiness was reported; degraded means that heartbeats were late, and the next one makes it ready again.</summary>
    public bool IsReported => State is ExternalChainProviderTypes.OrderState.Ready or ExternalChainProviderTypes.OrderState.Degraded;

    /// <summary>Whether the paid time, or the time to get ready, is over, and nobody has said so on chain yet.</summary>
    public bool IsOverdue => State is ExternalChainProviderTypes.OrderState.Expired or ExternalChainProviderTypes.OrderState.Unserved;

    /// <summary>Whether it is over for this provider node for good: ended, or taken over by another one.</summary>
    public bool IsOver => (!IsOurs && State != ExternalChainProviderTypes.OrderState.None)
        || IsOverdue || State is ExternalChainProviderTypes.OrderState.Ended or ExternalChainProviderTypes.OrderState.Settled;

    /// <summary>Whether the chain does not know the order: it was rolled back and may come again.</summary>
    public bool IsUnknown => State == ExternalChainProviderTypes.OrderState.None;
}

/// <summary>What an agent does for a lease, as its status page shows it.</summary>
public enum LeasePhase
{
    /// <summary>Seen on chain, nothing done yet.</summary>
    Requested,

    /// <summary>The image is fetched and the workload is created and started.</summary>
    Starting,

    /// <summary>The workload runs and is asked by its own protocol.</summary>
    Probing,

    /// <summary>It serves, and the chain knows.</summary>
    Ready,

    /// <summary>It was ready and does not answer, or cannot be started at the moment.</summary>
    Degraded,

    /// <summary>The lease is over; the workload is being removed or is gone.</summary>
    Ended,
}
