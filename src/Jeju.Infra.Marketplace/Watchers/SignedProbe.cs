using Jeju.Infra.Chain;
using Jeju.Infra.Core;

using ProbeRecord = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.ProbeRecord;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>A record with one watcher's signature.</summary>
/// <param name="Record">The slots.</param>
/// <param name="Watcher">Who signed.</param>
/// <param name="Signature">65 bytes.</param>
internal sealed record SignedProbe(ProbeRecord Record, Address Watcher, byte[] Signature);

/// <summary>Where watchers leave their signed records for each other. Nothing in it is trusted: every signature is checked by whoever reads it.</summary>
internal interface IProbeExchange
{
    /// <summary>Leaves a record there. The same one again changes nothing.</summary>
    Task PublishAsync(SignedProbe probe, CancellationToken cancellationToken);

    /// <summary>Everything that is there for this contract and whose signature is its watcher's.</summary>
    Task<IReadOnlyList<SignedProbe>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes own records away that are too old to be of use.</summary>
    void Prune(Address own, TimeSpan age);
}
