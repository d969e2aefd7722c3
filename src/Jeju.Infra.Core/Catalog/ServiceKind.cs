namespace Jeju.Infra.Core.Catalog;

/// <summary>
/// A kind of service that can be ordered on the marketplace. What the contract needs to know (requirements per network) and what only a
/// provider node needs to know (the workload) stand side by side, one file per kind.
/// </summary>
public sealed record ServiceKind
{
    /// <summary>The name in settings, on the command line and, as <c>bytes32</c>, on chain: lower case, at most 32 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a few words for people.</summary>
    public required string Title { get; init; }

    /// <summary>The service of the stake allocation ledger that a provider node must offer to serve this kind.</summary>
    public required string Service { get; init; }

    /// <summary>Whether it holds data of its consumer: such a lease never fails over to an empty store.</summary>
    public required bool IsStateful { get; init; }

    /// <summary>What it takes to serve it, per environment. An environment that is missing does not offer the kind.</summary>
    public required IReadOnlyDictionary<NetworkName, KindRequirement> Requirements { get; init; }

    /// <summary>How a provider node runs it in a container; null where no container backend serves it yet.</summary>
    public WorkloadTemplate? Workload { get; init; }

    /// <summary>The kind's name on chain.</summary>
    public Bytes32 Id => Bytes32.FromName(Name);

    /// <summary>What it takes to serve this kind in an environment.</summary>
    /// <exception cref="InfraException">JEJU0502: the environment does not offer the kind.</exception>
    public KindRequirement RequirementFor(NetworkName network) => Requirements.TryGetValue(network, out KindRequirement? requirement)
        ? requirement
        : throw new InfraException(
            ServiceCatalog.KindNotOffered,
            $"The service kind '{Name}' is not offered on {network.ToString().ToLowerInvariant()}.",
            $"It is offered on: {string.Join(", ", Requirements.Keys.Order().Select(name => name.ToString().ToLowerInvariant()))}.",
            FailureKind.Usage);
}

/// <summary>What it takes to serve a kind in one environment. These are the figures that governance puts on chain.</summary>
/// <param name="Network">The network's name on chain: the external chain's own (<c>devnet</c>, <c>regtest</c>), else the environment's.</param>
/// <param name="MemoryMegabytes">Memory in MiB: the least a node must have, and the limit of the workload.</param>
/// <param name="DiskGigabytes">Disk in GiB.</param>
/// <param name="Cores">Processor cores: the least a node must have, and the limit of the workload.</param>
/// <param name="PricePerHour">Price for orientation, in the payment token's smallest unit (a dollar token with 6 decimals).</param>
/// <param name="ReadyDeadline">From order to readiness; also the custom timeout of the resource that waits.</param>
/// <param name="IsTeeRequired">Whether every lease needs an attested node.</param>
public sealed record KindRequirement(
    string Network,
    int MemoryMegabytes,
    int DiskGigabytes,
    int Cores,
    TokenAmount PricePerHour,
    TimeSpan ReadyDeadline,
    bool IsTeeRequired = false)
{
    /// <summary>The network's name on chain.</summary>
    public Bytes32 NetworkId => Bytes32.FromName(Network);

    /// <summary>A requirement in the units of the design's table: GiB of memory, GiB of disk, cores, and cents per hour.</summary>
    internal static KindRequirement Of(
        string network, int memoryGigabytes, int diskGigabytes, int cores, int centsPerHour, TimeSpan readyDeadline, bool tee = false) =>
        new(network, memoryGigabytes * 1024, diskGigabytes, cores, new TokenAmount(centsPerHour * 10_000), readyDeadline, tee);
}
