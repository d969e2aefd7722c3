namespace Jeju.Infra.Core;

/// <summary>The clouds of phase 1.</summary>
public enum CloudName
{
    /// <summary>Amazon Web Services.</summary>
    Aws,

    /// <summary>Google Cloud.</summary>
    Gcp,
}

/// <summary>
/// A group of equal cluster nodes. Its label and taint are the only source of the selectors and tolerations of the workloads that run on it, so
/// that a workload can never ask for a label that no group carries.
/// </summary>
/// <param name="Name">Lower-case name, which is also the value of the label and the taint, for example <c>rpc</c>.</param>
/// <param name="MachineType">The cloud's machine type, for example <c>m6a.xlarge</c> or <c>n2-standard-8</c>.</param>
/// <param name="Minimum">Fewest nodes, 1 and up.</param>
/// <param name="Maximum">Most nodes, at least the minimum.</param>
/// <param name="DiskGigabytes">Root disk of each node in GB.</param>
/// <param name="Confidential">Whether memory is encrypted by the processor (AMD SEV-SNP), for workloads that need a TEE.</param>
public sealed record NodeGroup(string Name, string MachineType, int Minimum, int Maximum, int DiskGigabytes, bool Confidential = false)
{
    /// <summary>The key of the label and of the taint.</summary>
    public const string WorkloadKey = "workload";

    /// <summary>The effect of the taint.</summary>
    public const string TaintEffect = "NoSchedule";

    /// <summary>
    /// Whether other workloads are kept away. The general group takes whatever asks for nothing, the cluster's own components among it.
    /// </summary>
    public bool IsTainted => Name != NodeGroups.General;

    /// <summary>The label that nodes carry and that workloads select.</summary>
    public KeyValuePair<string, string> Label => new(WorkloadKey, Name);
}

/// <summary>The node groups of each network and cloud with their default sizes; stacks override sizes by setting.</summary>
public static class NodeGroups
{
    /// <summary>Everything without a group of its own.</summary>
    public const string General = "general";

    /// <summary>Execution and consensus clients.</summary>
    public const string Rpc = "rpc";

    /// <summary>The indexer's processor and API.</summary>
    public const string Indexer = "indexer";

    /// <summary>The sequencer, on mainnet; confidential.</summary>
    public const string Sequencer = "sequencer";

    /// <summary>The groups of a network's cluster on a cloud.</summary>
    /// <exception cref="ArgumentException">The network has no cloud.</exception>
    public static IReadOnlyList<NodeGroup> For(NetworkName network, CloudName cloud) => (network, cloud) switch
    {
        (NetworkName.Testnet, CloudName.Aws) =>
        [
            new(General, "t3.xlarge", 2, 6, 100),
            new(Rpc, "m6a.xlarge", 2, 5, 200),
            new(Indexer, "r6a.xlarge", 1, 3, 100),
        ],
        (NetworkName.Testnet, CloudName.Gcp) =>
        [
            new(General, "e2-standard-4", 2, 6, 100),
            new(Rpc, "n2-standard-8", 2, 5, 200),
            new(Indexer, "n2-highmem-8", 1, 3, 100),
        ],
        (NetworkName.Mainnet, CloudName.Aws) =>
        [
            new(General, "m6a.4xlarge", 3, 10, 200),
            new(Rpc, "m6a.4xlarge", 5, 20, 500),
            new(Indexer, "r6a.2xlarge", 3, 10, 200),
            new(Sequencer, "m6a.4xlarge", 1, 3, 500, Confidential: true),
        ],
        (NetworkName.Mainnet, CloudName.Gcp) =>
        [
            new(General, "e2-standard-4", 3, 10, 200),
            new(Rpc, "n2-standard-8", 5, 20, 500),
            new(Indexer, "n2-highmem-8", 3, 10, 200),

            // Confidential VMs with SEV need the N2D series: N2 has no AMD processor.
            new(Sequencer, "n2d-standard-16", 1, 3, 500, Confidential: true),
        ],
        _ => throw new ArgumentException($"{network} has no cluster on {cloud}.", nameof(network)),
    };
}
