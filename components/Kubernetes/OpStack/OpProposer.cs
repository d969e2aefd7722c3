using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the proposer.</summary>
public sealed class OpProposerArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The time between two outputs.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What must be ready before: the sequencer and the signer.</summary>
    public IReadOnlyList<Resource> After { get; init; } = [];
}

/// <summary>
/// Writes the chain's outputs to Ethereum as dispute games. There is exactly one. The factory's address is that of the checked bundle; it signs through op-signer; its balance is among its figures
/// as <c>op_proposer_default_balance</c>.
/// </summary>
public sealed class OpProposer : ComponentResource
{
    /// <summary>The game that only the proposer and the challenger of the chain may play, with which a new chain begins.</summary>
    private const string PermissionedGame = "1";

    /// <summary>Declares the proposer.</summary>
    public OpProposer(string name, OpProposerArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:OpProposer", name, args, options)
    {
        ChainCluster cluster = args.Cluster;
        _ = new ChainWorkload(
            $"{name}-proposer",
            new ChainWorkloadArgs
            {
                Cluster = cluster,
                Plan = cluster.Plan(WorkloadNames.Proposer),
                Image = args.Image,
                Command = ["op-proposer"],
                Variables =
                [
                    .. Submitter.Variables("OP_PROPOSER", cluster, RollupConfiguration.ProposerEntry),
                    PodVariable.Entry("OP_PROPOSER_GAME_FACTORY_ADDRESS", RollupConfiguration.ConfigMapName, RollupConfiguration.FactoryEntry),
                    PodVariable.Of("OP_PROPOSER_GAME_TYPE", PermissionedGame),
                    PodVariable.Of("OP_PROPOSER_PROPOSAL_INTERVAL", $"{(long)args.Interval.TotalSeconds}s"),
                    PodVariable.Of("OP_PROPOSER_ALLOW_NON_FINALIZED", "false"),
                    PodVariable.Of("OP_PROPOSER_WAIT_NODE_SYNC", "true"),
                ],
                SecretFolders = [new(SecretCatalog.ProposerClient, Submitter.TlsFolder)],
                After = args.After,
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }
}
