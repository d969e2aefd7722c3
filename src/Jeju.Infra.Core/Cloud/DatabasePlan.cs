namespace Jeju.Infra.Core;

/// <summary>The managed PostgreSQL of a network: used by the indexer and the gateway.</summary>
/// <param name="MachineType">The cloud's database class or tier.</param>
/// <param name="MemoryMegabytes">Its memory, from which the parameters are scaled.</param>
/// <param name="StorageGigabytes">Allocated storage in GB.</param>
/// <param name="MaximumStorageGigabytes">How far storage may grow by itself, in GB.</param>
/// <param name="BackupDays">How long automated backups and point-in-time recovery reach back, 1 to 35.</param>
/// <param name="Replica">Whether there is a read replica.</param>
/// <param name="DeletionProtection">Whether the cloud refuses to delete it.</param>
public sealed record DatabasePlan(
    string MachineType,
    int MemoryMegabytes,
    int StorageGigabytes,
    int MaximumStorageGigabytes,
    int BackupDays,
    bool Replica,
    bool DeletionProtection)
{
    /// <summary>The default database of a network on a cloud.</summary>
    /// <exception cref="ArgumentException">The network has no cloud.</exception>
    public static DatabasePlan For(NetworkName network, CloudName cloud) => (network, cloud) switch
    {
        (NetworkName.Testnet, CloudName.Aws) => new("db.t4g.medium", 4096, 100, 500, 7, false, false),
        (NetworkName.Testnet, CloudName.Gcp) => new("db-custom-2-8192", 8192, 100, 500, 7, false, false),
        (NetworkName.Mainnet, CloudName.Aws) => new("db.r6g.2xlarge", 65536, 500, 5000, 30, true, true),
        (NetworkName.Mainnet, CloudName.Gcp) => new("db-custom-8-32768", 32768, 500, 5000, 30, true, true),
        _ => throw new ArgumentException($"{network} has no database on {cloud}.", nameof(network)),
    };

    /// <summary>Connections the server accepts: one per 8 MB of memory, between 100 and 2000, leaving the rest of the memory to the cache.</summary>
    public int MaximumConnections => Math.Clamp(MemoryMegabytes / 8, 100, 2000);

    /// <summary><c>shared_buffers</c> in MB: a quarter of the memory (PostgreSQL manual, 19.4.1).</summary>
    public int SharedBuffersMegabytes => MemoryMegabytes / 4;

    /// <summary><c>effective_cache_size</c> in MB: three quarters of the memory.</summary>
    public int EffectiveCacheMegabytes => MemoryMegabytes * 3 / 4;

    /// <summary><c>work_mem</c> in MB: a quarter of the memory shared by all connections, at least 4.</summary>
    public int WorkMemoryMegabytes => Math.Max(4, MemoryMegabytes / 4 / MaximumConnections);
}
