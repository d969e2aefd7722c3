namespace Jeju.Infra.Core;

/// <summary>What the workloads of customers may take: all together, and each container by itself.</summary>
/// <param name="Cores">Processor cores of all together.</param>
/// <param name="MemoryGibibytes">Memory of all together, in GiB.</param>
/// <param name="StorageGibibytes">Volumes of all together, in GiB.</param>
/// <param name="Pods">Pods of all together.</param>
/// <param name="ContainerCores">The most cores of one container.</param>
/// <param name="ContainerMemoryGibibytes">The most memory of one container, in GiB.</param>
public sealed record TenantQuota(int Cores, int MemoryGibibytes, int StorageGibibytes, int Pods, int ContainerCores, int ContainerMemoryGibibytes)
{
    /// <summary>A quota that fits beside the network's own services on the general nodes of every network.</summary>
    public static TenantQuota Default { get; } = new(16, 64, 2000, 50, 8, 32);
}
