using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the Farcaster hub.</summary>
public sealed class FarcasterHubArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image: Snapchain, or another hub with the same interfaces.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The image of the program that turns the hub's figures into Prometheus' form.</summary>
    [Input("figuresImage", required: true)]
    public Input<string> FiguresImage { get; set; } = null!;

    /// <summary>Multiaddresses of peers to begin with; those of the Farcaster network are published by its maintainers.</summary>
    public IReadOnlyList<string> BootstrapPeers { get; init; } = [];

    /// <summary>Who validates the network's blocks since when, as its maintainers publish it in TOML; without it no block can be checked.</summary>
    public string ValidatorSets { get; init; } = "";
}

/// <summary>
/// A reading node of Farcaster's Snapchain. Its first start loads a snapshot of hundreds of gigabytes, which may take hours, so nothing waits for it; without validator sets it ends at once. It reports its figures over StatsD, which a program beside it serves to
/// Prometheus.
/// </summary>
public sealed class FarcasterHub : ComponentResource
{
    private const string ConfigFile = "config.toml";
    private const int StatsdPort = 8125;

    /// <summary>Declares the hub.</summary>
    public FarcasterHub(string name, FarcasterHubArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:FarcasterHub", name, args, options)
    {
        WorkloadPlan plan = args.Cluster.Plan(WorkloadNames.FarcasterHub);
        _ = new ChainWorkload(
            $"{name}-farcaster-hub",
            new ChainWorkloadArgs
            {
                Cluster = args.Cluster,
                Plan = plan,
                Image = args.Image,
                Command = ["./snapchain"],
                Arguments = ["--config-path", $"/etc/{plan.Name}/{ConfigFile}"],
                IsAwaited = false,
                Files = new Dictionary<string, Input<string>> { [ConfigFile] = Configuration(plan, args) },
                Variables =
                [
                    PodVariable.Secret("SNAPCHAIN_CONSENSUS__PRIVATE_KEY", SecretCatalog.FarcasterHub, "identity-key"),
                    PodVariable.Secret("SNAPCHAIN_L1_RPC_URL", SecretCatalog.FarcasterHub, "ethereum-rpc"),
                    PodVariable.Secret("SNAPCHAIN_ONCHAIN_EVENTS__RPC_URL", SecretCatalog.FarcasterHub, "optimism-rpc"),
                ],
                Companions =
                [
                    new ExtraContainer
                    {
                        Name = "figures",
                        Image = args.FiguresImage,
                        Arguments = [$"--statsd.listen-udp=:{StatsdPort}", "--statsd.listen-tcp=", $"--web.listen-address=:{WorkloadPlan.MetricsPort}"],
                        Ports = [new("metrics", WorkloadPlan.MetricsPort)],
                        Health = new WorkloadHealth("metrics", "/-/healthy", TimeSpan.FromMinutes(2)),
                    },
                ],
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }

    private static string Configuration(WorkloadPlan plan, FarcasterHubArgs args)
    {
        string network = args.Cluster.Profile.Name == NetworkName.Mainnet ? "Mainnet" : "Testnet";
        return $"""
            rpc_address = "0.0.0.0:{plan.PortOf("grpc")}"
            http_address = "0.0.0.0:{plan.PortOf("http")}"
            rocksdb_dir = "{WorkloadTemplate.DataPath}/rocks"
            fc_network = "{network}"
            read_node = true

            [statsd]
            prefix = "snapchain"
            addr = "127.0.0.1:{StatsdPort}"
            use_tags = true

            [gossip]
            address = "/ip4/0.0.0.0/udp/{plan.PortOf("gossip-udp")}/quic-v1"
            bootstrap_peers = "{string.Join(", ", args.BootstrapPeers)}"

            [consensus]
            shard_ids = [1, 2]
            num_shards = 2

            [snapshot]
            load_db_from_snapshot = true
            snapshot_download_dir = "{WorkloadTemplate.DataPath}/snapshot"

            {args.ValidatorSets}
            """;
    }
}
