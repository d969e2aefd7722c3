namespace Jeju.Infra.Core;

/// <summary>
/// Every secret of a cluster. A workload refers to one of these members, so a reference cannot dangle; the platform declares the same list in the cloud's store
/// and copies it into the cluster.
/// </summary>
public static class SecretCatalog
{
    private static readonly string[] Certificate = ["tls.crt", "tls.key", "ca.crt"];

    /// <summary>The secret that execution and consensus client share for the engine API: one for the whole chain.</summary>
    public static ClusterSecret EngineJwt { get; } =
        new(ClusterNamespaces.OpStack, "jwt", ["jwt.hex"], "Shared by op-geth and op-node for the engine API: 32 bytes in hexadecimal");

    /// <summary>The settlement layer's endpoints.</summary>
    public static ClusterSecret L1Endpoints { get; } =
        new(ClusterNamespaces.OpStack, "l1-endpoints", ["rpc", "beacon"], "Ethereum's JSON-RPC and beacon endpoints, whose addresses carry an access key");

    /// <summary>The key with which the sequencer signs the blocks that it gossips.</summary>
    public static ClusterSecret SequencerKey { get; } =
        new(ClusterNamespaces.OpStack, "sequencer-key", ["private-key"], "Signs the unsafe blocks that the sequencer gossips; its address is in the SystemConfig contract");

    /// <summary>The key by which the sequencer's consensus client is known among its peers.</summary>
    public static ClusterSecret SequencerPeer { get; } = new(
        ClusterNamespaces.OpStack, "sequencer-peer", ["private-key"], "The identity of the sequencer's op-node among its peers: those that follow it know it by its peer id", SecretSource.Generated);

    /// <summary>The signer's own certificate.</summary>
    public static ClusterSecret SignerServer { get; } =
        new(ClusterNamespaces.OpStack, "op-signer-tls", Certificate, "The signer's certificate, by which its clients know it", SecretSource.Certificate);

    /// <summary>The batcher's certificate for the signer.</summary>
    public static ClusterSecret BatcherClient { get; } =
        new(ClusterNamespaces.OpStack, "op-batcher-tls", Certificate, "The batcher's certificate: the signer lets it use the batcher's key alone", SecretSource.Certificate);

    /// <summary>The proposer's certificate for the signer.</summary>
    public static ClusterSecret ProposerClient { get; } =
        new(ClusterNamespaces.OpStack, "op-proposer-tls", Certificate, "The proposer's certificate: the signer lets it use the proposer's key alone", SecretSource.Certificate);

    /// <summary>The indexer's login to the managed database.</summary>
    public static ClusterSecret IndexerDatabase { get; } =
        new(ClusterNamespaces.Indexer, "database", ["username", "password"], "The indexer's login to the managed database", SecretSource.Database);

    /// <summary>The gateway's login to the managed database.</summary>
    public static ClusterSecret GatewayDatabase { get; } =
        new(ClusterNamespaces.Gateway, "database", ["username", "password"], "The gateway's login to the managed database", SecretSource.Database);

    /// <summary>The bundlers' keys, those of the fewest pods there may be; <see cref="For"/> has those of all.</summary>
    public static ClusterSecret BundlerKeys { get; } = new(
        ClusterNamespaces.Bundler,
        "bundler-keys",
        PodKeys("bundler", 2),
        "Each signs and pays for the bundles of one pod; a key that two pods share, here or in another cluster, loses one of two bundles with the same nonce");

    /// <summary>What the hub needs to join.</summary>
    public static ClusterSecret FarcasterHub { get; } = new(
        ClusterNamespaces.Farcaster,
        "hub",
        ["identity-key", "ethereum-rpc", "optimism-rpc"],
        "The hub's identity among its peers (an Ed25519 key, 32 bytes in hexadecimal without a prefix), and the endpoints where it reads registrations");

    /// <summary>CovenantSQL's keys, those of the fewest miners there may be; <see cref="For"/> has those of all.</summary>
    public static ClusterSecret CovenantSqlKeys { get; } = new(
        ClusterNamespaces.CovenantSql,
        "node-keys",
        NodeKeys(3),
        "The private key of each node, encrypted as CovenantSQL writes it");

    /// <summary>The relay's keys.</summary>
    public static ClusterSecret RelayKeys { get; } =
        new(ClusterNamespaces.Messaging, "relay-keys", ["identity-key", "kms-token"], "The relay's identity, and the token that the key service knows it by");

    /// <summary>The key service's keys.</summary>
    public static ClusterSecret KmsKeys { get; } =
        new(ClusterNamespaces.Messaging, "kms-keys", ["master-key", "relay-token"], "The key that wraps the keys of conversations, and the relay's token");

    /// <summary>The agent's key.</summary>
    public static ClusterSecret AgentKey { get; } =
        new(ClusterNamespaces.Dws, "agent-key", ["private-key"], "Sends the provider node's heartbeats and reports, and nothing else");

    /// <summary>The login to Grafana.</summary>
    public static ClusterSecret GrafanaLogin { get; } =
        new(ClusterNamespaces.Monitoring, "grafana-login", ["admin-user", "admin-password"], "The administrator's login to the cluster's Grafana");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ClusterSecret> All { get; } =
    [
        EngineJwt, L1Endpoints, SequencerKey, SequencerPeer, SignerServer, BatcherClient, ProposerClient, IndexerDatabase, GatewayDatabase, BundlerKeys, FarcasterHub,
        CovenantSqlKeys, RelayKeys, KmsKeys, AgentKey, GrafanaLogin,
    ];

    /// <summary>All of them, with a key for each of the bundler's pods and of CovenantSQL's miners however many there are.</summary>
    /// <param name="sizes">The sizes of the services.</param>
    public static IReadOnlyList<ClusterSecret> For(WorkloadSizes sizes) =>
    [
        .. All.Select(secret => ReferenceEquals(secret, CovenantSqlKeys) ? secret with { Keys = NodeKeys(sizes.CovenantSqlMiners) }
            : ReferenceEquals(secret, BundlerKeys) ? secret with { Keys = PodKeys("bundler", sizes.BundlerReplicas) }
            : secret),
    ];

    /// <summary>The secrets of a namespace.</summary>
    public static IEnumerable<ClusterSecret> In(string name) => All.Where(secret => secret.Namespace == name);

    private static string[] NodeKeys(int miners) =>
        ["block-producer.key", .. PodKeys("miner", miners)];

    private static string[] PodKeys(string name, int pods) => [.. Enumerable.Range(0, pods).Select(pod => FormattableString.Invariant($"{name}-{pod}.key"))];
}
