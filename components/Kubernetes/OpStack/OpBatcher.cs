using System.Globalization;
using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the batcher.</summary>
public sealed class OpBatcherArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The longest time that a transaction of the chain waits for its batch, in blocks of Ethereum, 1 to 1800.</summary>
    public int MaximumChannelBlocks { get; init; } = 150;

    /// <summary>What must be ready before: the sequencer and the signer.</summary>
    public IReadOnlyList<Resource> After { get; init; } = [];
}

/// <summary>
/// Writes the chain's transactions to Ethereum, in blobs. There is exactly one: two would send the same batches twice. It signs through op-signer; its balance is among its figures as
/// <c>op_batcher_default_balance</c>.
/// </summary>
public sealed class OpBatcher : ComponentResource
{
    /// <summary>Declares the batcher.</summary>
    public OpBatcher(string name, OpBatcherArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:OpBatcher", name, args, options)
    {
        ChainCluster cluster = args.Cluster;
        _ = new ChainWorkload(
            $"{name}-batcher",
            new ChainWorkloadArgs
            {
                Cluster = cluster,
                Plan = cluster.Plan(WorkloadNames.Batcher),
                Image = args.Image,
                Command = ["op-batcher"],
                Variables =
                [
                    .. Submitter.Variables("OP_BATCHER", cluster, RollupConfiguration.BatcherEntry),
                    PodVariable.Of("OP_BATCHER_L2_ETH_RPC", $"http://{WorkloadNames.HostOf(cluster.Plan(WorkloadNames.ExecutionSequencer), 0)}:{ExecutionPorts.Rpc}"),
                    PodVariable.Of("OP_BATCHER_DATA_AVAILABILITY_TYPE", "blobs"),
                    PodVariable.Of("OP_BATCHER_MAX_CHANNEL_DURATION", args.MaximumChannelBlocks.ToString(CultureInfo.InvariantCulture)),
                    PodVariable.Of("OP_BATCHER_SUB_SAFETY_MARGIN", "20"),
                    PodVariable.Of("OP_BATCHER_POLL_INTERVAL", "6s"),
                ],
                SecretFolders = [new(SecretCatalog.BatcherClient, Submitter.TlsFolder)],
                After = args.After,
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }
}
