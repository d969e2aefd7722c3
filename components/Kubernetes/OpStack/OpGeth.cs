using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about its execution clients.</summary>
public sealed class OpGethArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The program.</summary>
    public required ExecutionClient Client { get; init; }

    /// <summary>The program's image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The image that holds the file <c>/bundle/genesis.json</c>, and nothing of the chain besides.</summary>
    [Input("genesisImage", required: true)]
    public Input<string> GenesisImage { get; set; } = null!;

    /// <summary>Where transactions are passed on to when another cloud sequences, for example <c>https://rpc.jejunetwork.org</c>.</summary>
    public required string RemoteSequencer { get; init; }
}

/// <summary>
/// The execution clients: the one that builds blocks, where this cluster sequences, and those that answer requests. Each begins from the genesis file whose hash the rollup bundle names.
/// </summary>
public sealed class OpGeth : ComponentResource
{
    private const string GenesisFolder = "/genesis";
    private const string GenesisFile = GenesisFolder + "/genesis.json";
    private const string SecretFolder = "/secrets/jwt";

    /// <summary>Four hours of blocks: a withdrawal is proven at the block of the last proposed output, which is about two hours old, and Reth by itself proves nothing but the newest block.</summary>
    private const int ProofWindowBlocks = 7200;

    private readonly OpGethArgs _args;

    /// <summary>Declares the clients.</summary>
    public OpGeth(string name, OpGethArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:OpGeth", name, args, options)
    {
        _args = args;
        List<Resource> pods = [];
        if (args.Cluster.Sequences)
        {
            pods.Add(Declare(name, args.Cluster.Plan(WorkloadNames.ExecutionSequencer), null));
        }

        string sequencer = args.Cluster.Sequences
            ? $"http://{WorkloadNames.HostOf(args.Cluster.Plan(WorkloadNames.ExecutionSequencer), 0)}:{ExecutionPorts.Rpc}"
            : args.RemoteSequencer;
        pods.Add(Declare(name, args.Cluster.Plan(WorkloadNames.Execution), sequencer));
        Pods = pods;
        RegisterOutputs();
    }

    /// <summary>The clients; each is there once it answers.</summary>
    internal IReadOnlyList<Resource> Pods { get; }

    private Resource Declare(string name, WorkloadPlan plan, string? sequencer)
    {
        bool isReth = _args.Client == ExecutionClient.OpReth;
        return new ChainWorkload(
            $"{name}-{(sequencer is null ? "sequencer" : "rpc")}",
            new ChainWorkloadArgs
            {
                Cluster = _args.Cluster,

                // Reth refuses a request that is no JSON-RPC call, and serves its figures on every path.
                Plan = isReth ? plan with { Health = plan.Health! with { Path = null }, FiguresPath = "/" } : plan,
                Image = _args.Image,
                Command = isReth ? ["op-reth", "node"] : ["geth"],
                Arguments = isReth ? RethArguments(sequencer) : GethArguments(sequencer),
                ConfigFolders = [new(RollupConfiguration.ConfigMapName, RollupConfiguration.Folder)],
                SecretFolders = [new(SecretCatalog.EngineJwt, SecretFolder)],
                ScratchFolders = [GenesisFolder],
                Preparations = isReth ? [Genesis()] : [Genesis(), Initialization(plan)],
            },
            new ComponentResourceOptions { Parent = this }).Pods;
    }

    /// <summary>Takes the genesis file out of its image, and goes on only if it is the one that the bundle names.</summary>
    private ExtraContainer Genesis() => new()
    {
        Name = "genesis",
        Image = _args.GenesisImage,
        Command = ["sh", "-ec"],
        Arguments = [$"cp /bundle/genesis.json {GenesisFile} && cd {GenesisFolder} && sha256sum -c {RollupConfiguration.Folder}/{RollupConfiguration.GenesisSumFile}"],
        Resources = new WorkloadResources(100, 256),
    };

    /// <summary>Writes the first block; with the same genesis a second time changes nothing, and with another one fails.</summary>
    private ExtraContainer Initialization(WorkloadPlan plan) => new()
    {
        Name = "init",
        Image = _args.Image,
        Command = ["geth", "init"],
        Arguments = [$"--datadir={WorkloadTemplate.DataPath}", GenesisFile],
        Resources = plan.Resources with { Millicores = Math.Min(plan.Resources.Millicores, 1000), MemoryMebibytes = 2048 },
    };

    private List<string> GethArguments(string? sequencer)
    {
        List<string> arguments =
        [
            $"--datadir={WorkloadTemplate.DataPath}",
            $"--networkid={RollupChain.Of(_args.Cluster.Profile.Name).L2}",

            // Every block is executed: a snapshot of another's state is not taken over.
            "--syncmode=full",
            $"--port={ExecutionPorts.Peers}",
            .. Listening(sequencer is null),
            "--http.vhosts=*",
            "--authrpc.vhosts=*",
            "--metrics",
            "--metrics.addr=0.0.0.0",
            $"--metrics.port={ExecutionPorts.Metrics}",

            // Transactions go to the sequencer alone, not to peers.
            "--rollup.disabletxpoolgossip=true",
        ];
        if (sequencer is not null)
        {
            arguments.Add($"--rollup.sequencerhttp={sequencer}");
        }

        return arguments;
    }

    private List<string> RethArguments(string? sequencer)
    {
        List<string> arguments =
        [
            $"--datadir={WorkloadTemplate.DataPath}",
            $"--chain={GenesisFile}",
            $"--port={ExecutionPorts.Peers}",
            .. Listening(sequencer is null),
            $"--metrics=0.0.0.0:{ExecutionPorts.Metrics}",
            "--rollup.disable-tx-pool-gossip",
            $"--rpc.eth-proof-window={ProofWindowBlocks}",

            // What it says goes to the container's output; there is no home where a file could be.
            "--log.file.max-files=0",
        ];
        if (sequencer is not null)
        {
            arguments.Add($"--rollup.sequencer={sequencer}");
        }

        return arguments;
    }

    /// <summary>
    /// Ports, and the namespaces that anybody may call: nothing that administers, traces or signs. The sequencer's, which no endpoint leads to, takes one more: the batcher tells it how much a block may hold
    /// while Ethereum is dear, and one that cannot stops submitting at its start.
    /// </summary>
    private static string[] Listening(bool sequences) =>
    [
        "--http",
        "--http.addr=0.0.0.0",
        $"--http.port={ExecutionPorts.Rpc}",
        sequences ? "--http.api=eth,net,web3,miner" : "--http.api=eth,net,web3",
        "--ws",
        "--ws.addr=0.0.0.0",
        $"--ws.port={ExecutionPorts.WebSocket}",
        "--ws.api=eth,net,web3",
        "--ws.origins=*",
        "--authrpc.addr=0.0.0.0",
        $"--authrpc.port={ExecutionPorts.Engine}",
        $"--authrpc.jwtsecret={SecretFolder}/{SecretCatalog.EngineJwt.OnlyKey}",
    ];
}
