using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about its consensus clients.</summary>
public sealed class OpNodeArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The program that it drives.</summary>
    public required ExecutionClient Client { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The peer id of the sequencer's client: those that follow it in its cluster look for it there.</summary>
    [Input("sequencerPeerId", required: true)]
    public Input<string> SequencerPeerId { get; set; } = null!;

    /// <summary>Further consensus clients that are always asked for blocks, as multiaddresses with their peer ids; in a cluster that does not sequence, the sequencer's should be among them.</summary>
    public IReadOnlyList<string> StaticPeers { get; init; } = [];

    /// <summary>What must be ready before the clients start: their execution clients.</summary>
    public IReadOnlyList<Resource> After { get; init; } = [];
}

/// <summary>
/// The consensus clients: the one that sequences, where this cluster does, and one for each execution client that answers requests. Each drives the execution client of its own number over the
/// engine API, reads Ethereum over two endpoints without which it does not start, and refuses them when they are of another chain than the rollup configuration says.
/// </summary>
public sealed class OpNode : ComponentResource
{
    private const string SecretFolder = "/secrets/jwt";
    private const string PeerFolder = "/secrets/peer";

    private readonly OpNodeArgs _args;

    /// <summary>Declares the clients.</summary>
    public OpNode(string name, OpNodeArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:OpNode", name, args, options)
    {
        _args = args;
        List<Resource> pods = [];
        if (args.Cluster.Sequences)
        {
            pods.Add(Declare($"{name}-sequencer", WorkloadNames.ConsensusSequencer, WorkloadNames.ExecutionSequencer));
        }

        pods.Add(Declare($"{name}-follower", WorkloadNames.Consensus, WorkloadNames.Execution));
        Pods = pods;
        RegisterOutputs();
    }

    /// <summary>The clients; each is there once it answers.</summary>
    internal IReadOnlyList<Resource> Pods { get; }

    private Resource Declare(string name, string workload, string execution)
    {
        bool sequences = workload == WorkloadNames.ConsensusSequencer;
        string engine = WorkloadNames.HostOf(_args.Cluster.Plan(execution), "$(POD_INDEX)");
        List<EnvVarArgs> variables =
        [
            PodVariable.PodIndex,
            PodVariable.Secret("OP_NODE_L1_ETH_RPC", SecretCatalog.L1Endpoints, "rpc"),
            PodVariable.Secret("OP_NODE_L1_BEACON", SecretCatalog.L1Endpoints, "beacon"),
            PodVariable.Of("OP_NODE_L1_TRUST_RPC", "false"),
            PodVariable.Of("OP_NODE_L2_ENGINE_RPC", $"http://{engine}:{ExecutionPorts.Engine}"),
            PodVariable.Of("OP_NODE_L2_ENGINE_KIND", _args.Client == ExecutionClient.OpReth ? "reth" : "geth"),
            PodVariable.Of("OP_NODE_L2_ENGINE_AUTH", $"{SecretFolder}/{SecretCatalog.EngineJwt.OnlyKey}"),
            PodVariable.Of("OP_NODE_ROLLUP_CONFIG", $"{RollupConfiguration.Folder}/{RollupConfiguration.RollupFile}"),
            PodVariable.Of("OP_NODE_SEQUENCER_ENABLED", sequences ? "true" : "false"),
            PodVariable.Of("OP_NODE_RPC_ADDR", "0.0.0.0"),
            PodVariable.Of("OP_NODE_RPC_PORT", $"{ConsensusPorts.Rpc}"),
            PodVariable.Of("OP_NODE_METRICS_ENABLED", "true"),
            PodVariable.Of("OP_NODE_METRICS_PORT", $"{ConsensusPorts.Metrics}"),
            PodVariable.Of("OP_NODE_P2P_LISTEN_TCP_PORT", $"{ConsensusPorts.Peers}"),
            PodVariable.Of("OP_NODE_P2P_LISTEN_UDP_PORT", $"{ConsensusPorts.Peers}"),
            PodVariable.Of("OP_NODE_P2P_PRIV_PATH", sequences ? $"{PeerFolder}/{SecretCatalog.SequencerPeer.OnlyKey}" : $"{WorkloadTemplate.DataPath}/p2p.key"),
            PodVariable.Of("OP_NODE_P2P_PEERSTORE_PATH", $"{WorkloadTemplate.DataPath}/peerstore"),
            PodVariable.Of("OP_NODE_P2P_DISCOVERY_PATH", $"{WorkloadTemplate.DataPath}/discovery"),
            PodVariable.Of("OP_NODE_SAFEDB_PATH", $"{WorkloadTemplate.DataPath}/safe"),
            PodVariable.Of("OP_NODE_LOG_FORMAT", "json"),
        ];
        if (sequences)
        {
            // Four blocks behind Ethereum's head, where reorganisations are rare.
            variables.Add(PodVariable.Of("OP_NODE_SEQUENCER_L1_CONFS", "4"));
            variables.Add(PodVariable.Secret("OP_NODE_P2P_SEQUENCER_KEY", SecretCatalog.SequencerKey, SecretCatalog.SequencerKey.OnlyKey));
        }

        if (StaticPeers(sequences) is { } peers)
        {
            variables.Add(PodVariable.Of("OP_NODE_P2P_STATIC", peers));
        }

        return new ChainWorkload(
            name,
            new ChainWorkloadArgs
            {
                Cluster = _args.Cluster,
                Plan = _args.Cluster.Plan(workload),
                Image = _args.Image,
                Command = ["op-node"],
                Variables = variables,
                ConfigFolders = [new(RollupConfiguration.ConfigMapName, RollupConfiguration.Folder)],
                SecretFolders = [new(SecretCatalog.EngineJwt, SecretFolder), .. sequences ? [new(SecretCatalog.SequencerPeer, PeerFolder)] : (SecretFolder[])[]],
                After = _args.After,
            },
            new ComponentResourceOptions { Parent = this }).Pods;
    }

    /// <summary>Whom a client always asks for blocks: one that follows, first of all the sequencer's in its own cluster.</summary>
    private Input<string>? StaticPeers(bool sequences)
    {
        if (sequences || !_args.Cluster.Sequences)
        {
            return _args.StaticPeers.Count > 0 ? (Input<string>)string.Join(',', _args.StaticPeers) : null;
        }

        string host = WorkloadNames.HostOf(_args.Cluster.Plan(WorkloadNames.ConsensusSequencer), 0);
        return _args.SequencerPeerId.ToOutput().Apply(id => string.Join(',', [$"/dns4/{host}/tcp/{ConsensusPorts.Peers}/p2p/{id}", .. _args.StaticPeers]));
    }
}
