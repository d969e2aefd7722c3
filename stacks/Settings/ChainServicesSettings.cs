using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks.Settings;

/// <summary>
/// How many pods the chain services have on each cluster, and how large their volumes are. What is absent keeps the default of the network. Sequencer, batcher and
/// proposer are one each: two of a kind would build two chains or race for nonces, so there is no setting for them.
/// </summary>
public sealed record ChainServicesSettings : ICheckedSettings
{
    /// <summary>Execution clients that answer requests.</summary>
    [Setting("Execution clients that answer requests, each with a consensus client of its own; beside the sequencer.", Unit = "replicas", Minimum = 2, Maximum = 50)]
    public int? RpcReplicas { get; init; }

    /// <summary>The volume of each execution client.</summary>
    [Setting("The volume of each execution client at first, the sequencer's among them; one that is there is grown at its claim.", Unit = "GB", Minimum = 100, Maximum = 16_000)]
    public int? OpGethVolumeGigabytes { get; init; }

    /// <summary>The volume of each consensus client.</summary>
    [Setting("The volume of each consensus client at first, the sequencer's among them; one that is there is grown at its claim.", Unit = "GB", Minimum = 10, Maximum = 16_000)]
    public int? OpNodeVolumeGigabytes { get; init; }

    /// <summary>Pods of the indexer's API.</summary>
    [Setting("Replicas of the indexer's API; its processor is always one.", Unit = "replicas", Minimum = 2, Maximum = 50)]
    public int? IndexerReplicas { get; init; }

    /// <summary>Fewest pods of the gateway.</summary>
    [Setting("Fewest replicas of the gateway.", Unit = "replicas", Minimum = 2, Maximum = 50)]
    public int? GatewayReplicas { get; init; }

    /// <summary>Most pods of the gateway.</summary>
    [Setting("Most replicas of the gateway under load, at least the fewest.", Unit = "replicas", Minimum = 2, Maximum = 50)]
    public int? GatewayMaximumReplicas { get; init; }

    /// <summary>Pods of the bundler.</summary>
    [Setting("Replicas of the bundler.", Unit = "replicas", Minimum = 2, Maximum = 50)]
    public int? BundlerReplicas { get; init; }

    /// <summary>The volume of the Farcaster hub.</summary>
    [Setting("The volume of the Farcaster hub at first, on mainnet at least 1500; one that is there is grown at its claim.", Unit = "GB", Minimum = 100, Maximum = 16_000)]
    public int? FarcasterHubVolumeGigabytes { get; init; }

    /// <summary>CovenantSQL's miners.</summary>
    [Setting("CovenantSQL's miners, whose keys are 'miner-0.key' and so on in the secret of the node keys; a further one waits for its key.", Unit = "replicas", Minimum = 3, Maximum = 50)]
    public int? CovenantSqlMiners { get; init; }

    /// <summary>The volume of CovenantSQL's block producer.</summary>
    [Setting("The volume of CovenantSQL's block producer at first; one that is there is grown at its claim.", Unit = "GB", Minimum = 10, Maximum = 16_000)]
    public int? CovenantSqlProducerVolumeGigabytes { get; init; }

    /// <summary>The volume of each of CovenantSQL's miners.</summary>
    [Setting("The volume of each of CovenantSQL's miners at first; one that is there is grown at its claim.", Unit = "GB", Minimum = 10, Maximum = 16_000)]
    public int? CovenantSqlMinerVolumeGigabytes { get; init; }

    /// <summary>Pods of the messaging relay.</summary>
    [Setting("Replicas of the messaging relay.", Unit = "replicas", Minimum = 3, Maximum = 50)]
    public int? RelayReplicas { get; init; }

    /// <summary>Pods of the key service of messaging.</summary>
    [Setting("Replicas of the key service of messaging.", Unit = "replicas", Minimum = 2, Maximum = 50)]
    public int? KmsReplicas { get; init; }

    /// <summary>The volume of the provider node's agent.</summary>
    [Setting("The volume of the provider node's agent at first; one that is there is grown at its claim.", Unit = "GB", Minimum = 10, Maximum = 16_000)]
    public int? DwsAgentVolumeGigabytes { get; init; }

    IEnumerable<SettingRefusal> ICheckedSettings.Check(NetworkProfile network)
    {
        if (GatewayReplicas > GatewayMaximumReplicas)
        {
            yield return new SettingRefusal(["gatewayReplicas"], $"'{GatewayReplicas}' is more than the maximum of {GatewayMaximumReplicas}", "write at most the maximum");
        }

        // A hub of mainnet holds all of Snapchain, for which the default is the least.
        if (network.Name == NetworkName.Mainnet && FarcasterHubVolumeGigabytes < WorkloadSizes.For(network.Name).FarcasterHubGigabytes)
        {
            yield return new SettingRefusal(
                ["farcasterHubVolumeGigabytes"],
                $"'{FarcasterHubVolumeGigabytes}' GB are too few for mainnet's messages",
                $"write at least {WorkloadSizes.For(network.Name).FarcasterHubGigabytes}");
        }
    }

    /// <summary>The settings that leave the sizes as they are.</summary>
    internal static ChainServicesSettings Of(WorkloadSizes sizes) => new()
    {
        RpcReplicas = sizes.RpcReplicas,
        OpGethVolumeGigabytes = sizes.ExecutionGigabytes,
        OpNodeVolumeGigabytes = sizes.ConsensusGigabytes,
        IndexerReplicas = sizes.IndexerReplicas,
        GatewayReplicas = sizes.GatewayReplicas,
        GatewayMaximumReplicas = sizes.GatewayMaximumReplicas,
        BundlerReplicas = sizes.BundlerReplicas,
        FarcasterHubVolumeGigabytes = sizes.FarcasterHubGigabytes,
        CovenantSqlMiners = sizes.CovenantSqlMiners,
        CovenantSqlProducerVolumeGigabytes = sizes.CovenantSqlProducerGigabytes,
        CovenantSqlMinerVolumeGigabytes = sizes.CovenantSqlMinerGigabytes,
        RelayReplicas = sizes.RelayReplicas,
        KmsReplicas = sizes.KmsReplicas,
        DwsAgentVolumeGigabytes = sizes.DwsAgentGigabytes,
    };

    /// <summary>The sizes with what is set here; a limit of the gateway that is not set follows the one that is.</summary>
    internal WorkloadSizes Over(WorkloadSizes sizes)
    {
        int gateway = GatewayReplicas ?? Math.Min(sizes.GatewayReplicas, GatewayMaximumReplicas ?? sizes.GatewayReplicas);
        return new WorkloadSizes
        {
            RpcReplicas = RpcReplicas ?? sizes.RpcReplicas,
            ExecutionGigabytes = OpGethVolumeGigabytes ?? sizes.ExecutionGigabytes,
            ConsensusGigabytes = OpNodeVolumeGigabytes ?? sizes.ConsensusGigabytes,
            IndexerReplicas = IndexerReplicas ?? sizes.IndexerReplicas,
            GatewayReplicas = gateway,
            GatewayMaximumReplicas = Math.Max(GatewayMaximumReplicas ?? sizes.GatewayMaximumReplicas, gateway),
            BundlerReplicas = BundlerReplicas ?? sizes.BundlerReplicas,
            FarcasterHubGigabytes = FarcasterHubVolumeGigabytes ?? sizes.FarcasterHubGigabytes,
            CovenantSqlMiners = CovenantSqlMiners ?? sizes.CovenantSqlMiners,
            CovenantSqlProducerGigabytes = CovenantSqlProducerVolumeGigabytes ?? sizes.CovenantSqlProducerGigabytes,
            CovenantSqlMinerGigabytes = CovenantSqlMinerVolumeGigabytes ?? sizes.CovenantSqlMinerGigabytes,
            RelayReplicas = RelayReplicas ?? sizes.RelayReplicas,
            KmsReplicas = KmsReplicas ?? sizes.KmsReplicas,
            DwsAgentGigabytes = DwsAgentVolumeGigabytes ?? sizes.DwsAgentGigabytes,
        };
    }
}
