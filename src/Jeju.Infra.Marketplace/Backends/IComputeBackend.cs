using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// Runs workloads for leases. Every call is idempotent and starts from what is really there, so an agent that was killed at any line calls the
/// same method again; a backend keeps no state of its own that a restart could lose.
/// </summary>
public interface IComputeBackend
{
    /// <summary>A short name for messages, for example <c>docker</c>.</summary>
    string Name { get; }

    /// <summary>Whether something answers at the endpoints: a backend that runs nothing has nobody to probe.</summary>
    bool HasListeners { get; }

    /// <summary>
    /// Gets what workloads of a kind have in common and what may take long, above all the image. Slow, so callers do not hold others up with it.
    /// </summary>
    /// <exception cref="InfraException">The kind cannot be run here, with the reason.</exception>
    Task PrepareAsync(ServiceKind kind, CancellationToken cancellationToken);

    /// <summary>The workloads of this provider node on this chain, running or not, also those of which only a volume is left.</summary>
    Task<IReadOnlyList<Workload>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The workload of a lease, or null.</summary>
    Task<Workload?> FindAsync(Bytes32 orderId, CancellationToken cancellationToken);

    /// <summary>Makes the workload of a lease run: finds what is there, completes what is missing, starts what stands still.</summary>
    /// <returns>The running workload, with endpoint and credentials. It need not answer yet.</returns>
    /// <exception cref="InfraException">It cannot be made to run, with the reason.</exception>
    Task<Workload> EnsureAsync(WorkloadRequest request, CancellationToken cancellationToken);

    /// <summary>Stops the workload of a lease and removes everything of it, its data included. Removing nothing succeeds.</summary>
    Task RemoveAsync(Bytes32 orderId, CancellationToken cancellationToken);

    /// <summary>Removes everything of this provider node on this chain id, also what an earlier chain of the same id left behind.</summary>
    /// <param name="onlyOtherChains">Whether the workloads of the present chain stay.</param>
    /// <param name="cancellationToken">Cancels the removal.</param>
    Task RemoveAllAsync(bool onlyOtherChains, CancellationToken cancellationToken);

    /// <summary>
    /// The leases whose workload stopped or vanished, as it happens. The first element is null: the subscription stands, and the caller should
    /// look at everything once. Ends, or throws, when the backend goes away.
    /// </summary>
    IAsyncEnumerable<Bytes32?> WatchAsync(CancellationToken cancellationToken);

    /// <summary>The last lines that the workload of a lease wrote, for the provider node's own log; null where there is none.</summary>
    Task<string?> ReadLogTailAsync(Bytes32 orderId, CancellationToken cancellationToken);
}

/// <summary>What an agent wants to run.</summary>
/// <param name="OrderId">The lease.</param>
/// <param name="Kind">The kind of service.</param>
/// <param name="Limits">The limits, from the requirement on chain.</param>
/// <param name="Pinned">The endpoint on chain, once reported: it must not change.</param>
public sealed record WorkloadRequest(Bytes32 OrderId, ServiceKind Kind, WorkloadLimits Limits, ServiceEndpoint? Pinned);

/// <summary>A workload as the backend has it.</summary>
/// <param name="OrderId">The lease.</param>
/// <param name="KindName">The kind of service.</param>
/// <param name="IsRunning">Whether its process runs.</param>
/// <param name="Endpoint">Where it answers, if it runs.</param>
/// <param name="Credentials">How to log in, where the backend was asked for them.</param>
public sealed record Workload(
    Bytes32 OrderId, string KindName, bool IsRunning, ServiceEndpoint? Endpoint, ServiceCredentials? Credentials);

/// <summary>Whose workloads a backend handles: the labels by which they are found again.</summary>
/// <param name="Provider">The provider node's id, or a name in a test.</param>
/// <param name="Chain">The chain's id.</param>
/// <param name="Genesis">The hash of the chain's first block: two localnets have the same id.</param>
/// <param name="StateFolder">
/// The agent's state folder. Every localnet has the same node and the same chain id, so only this tells the leftovers of an agent's own earlier
/// chain from the living workloads of another localnet on the same machine.
/// </param>
public sealed record BackendScope(string Provider, ChainId Chain, Bytes32 Genesis, string StateFolder)
{
    /// <summary>The agent in one label value: a hash of its state folder's path.</summary>
    public string AgentLabel =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(StateFolder))).AsSpan(0, 8));

    /// <summary>Chain id and genesis in one label value.</summary>
    public string ChainLabel => $"{Chain}-{Genesis}";
}
