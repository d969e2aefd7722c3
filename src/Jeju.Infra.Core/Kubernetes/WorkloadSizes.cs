namespace Jeju.Infra.Core;

/// <summary>
/// How many pods the chain services have, and how large their volumes are, as far as a stack may decide it. Sequencer, batcher, proposer, the indexer's processor and
/// CovenantSQL's block producer are one each, and therefore not here.
/// </summary>
public sealed record WorkloadSizes
{
    /// <summary>Execution clients that answer requests, each with a consensus client of its own.</summary>
    public required int RpcReplicas { get; init; }

    /// <summary>The volume of each execution client in GiB, the sequencer's among them.</summary>
    public required int ExecutionGigabytes { get; init; }

    /// <summary>The volume of each consensus client in GiB, the sequencer's among them.</summary>
    public required int ConsensusGigabytes { get; init; }

    /// <summary>Pods of the indexer's API.</summary>
    public required int IndexerReplicas { get; init; }

    /// <summary>Fewest pods of the gateway.</summary>
    public required int GatewayReplicas { get; init; }

    /// <summary>Most pods of the gateway, at least the fewest.</summary>
    public required int GatewayMaximumReplicas { get; init; }

    /// <summary>Pods of the bundler.</summary>
    public required int BundlerReplicas { get; init; }

    /// <summary>The volume of the Farcaster hub in GiB.</summary>
    public required int FarcasterHubGigabytes { get; init; }

    /// <summary>CovenantSQL's miners, each with a key of its own.</summary>
    public required int CovenantSqlMiners { get; init; }

    /// <summary>The volume of CovenantSQL's block producer in GiB.</summary>
    public required int CovenantSqlProducerGigabytes { get; init; }

    /// <summary>The volume of each of CovenantSQL's miners in GiB.</summary>
    public required int CovenantSqlMinerGigabytes { get; init; }

    /// <summary>Pods of the messaging relay.</summary>
    public required int RelayReplicas { get; init; }

    /// <summary>Pods of the key service of messaging.</summary>
    public required int KmsReplicas { get; init; }

    /// <summary>The volume of the provider node's agent in GiB.</summary>
    public required int DwsAgentGigabytes { get; init; }

    /// <summary>The default sizes of a network, which fit the default node groups.</summary>
    /// <param name="network">The network; not localnet, which has no cluster.</param>
    /// <exception cref="ArgumentException">The network has no cluster.</exception>
    public static WorkloadSizes For(NetworkName network) => network switch
    {
        NetworkName.Testnet => new WorkloadSizes
        {
            RpcReplicas = 2,
            ExecutionGigabytes = 300,
            ConsensusGigabytes = 20,
            IndexerReplicas = 2,
            GatewayReplicas = 2,
            GatewayMaximumReplicas = 4,
            BundlerReplicas = 2,
            FarcasterHubGigabytes = 200,
            CovenantSqlMiners = 3,
            CovenantSqlProducerGigabytes = 50,
            CovenantSqlMinerGigabytes = 50,
            RelayReplicas = 3,
            KmsReplicas = 2,
            DwsAgentGigabytes = 10,
        },
        NetworkName.Mainnet => new WorkloadSizes
        {
            RpcReplicas = 3,
            ExecutionGigabytes = 1000,
            ConsensusGigabytes = 50,
            IndexerReplicas = 3,
            GatewayReplicas = 3,
            GatewayMaximumReplicas = 12,
            BundlerReplicas = 2,
            FarcasterHubGigabytes = 1500,
            CovenantSqlMiners = 3,
            CovenantSqlProducerGigabytes = 200,
            CovenantSqlMinerGigabytes = 500,
            RelayReplicas = 4,
            KmsReplicas = 2,
            DwsAgentGigabytes = 50,
        },
        _ => throw new ArgumentException($"{network} has no cluster.", nameof(network)),
    };
}
