using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks.Settings;

namespace Jeju.Infra.Tests.Stacks;

/// <summary>What the sizes of the chain services decide, and what they leave alone.</summary>
public sealed class ChainServicesSettingsTests
{
    private const int Pods = 7;
    private const int Gigabytes = 2345;

    private static readonly NetworkProfile[] Networks = [NetworkProfile.Testnet, NetworkProfile.Mainnet];

    public static TheoryData<string, string[]> Replicas => new()
    {
        { nameof(ChainServicesSettings.RpcReplicas), [WorkloadNames.Execution, WorkloadNames.Consensus] },
        { nameof(ChainServicesSettings.IndexerReplicas), [WorkloadNames.Indexer] },
        { nameof(ChainServicesSettings.GatewayReplicas), [WorkloadNames.Gateway] },
        { nameof(ChainServicesSettings.BundlerReplicas), [WorkloadNames.Bundler] },
        { nameof(ChainServicesSettings.CovenantSqlMiners), [WorkloadNames.CovenantSqlMiner] },
        { nameof(ChainServicesSettings.RelayReplicas), [WorkloadNames.MessagingRelay] },
        { nameof(ChainServicesSettings.KmsReplicas), [WorkloadNames.MessagingKms] },
    };

    public static TheoryData<string, string[]> Volumes => new()
    {
        { nameof(ChainServicesSettings.OpGethVolumeGigabytes), [WorkloadNames.Execution, WorkloadNames.ExecutionSequencer] },
        { nameof(ChainServicesSettings.OpNodeVolumeGigabytes), [WorkloadNames.Consensus, WorkloadNames.ConsensusSequencer] },
        { nameof(ChainServicesSettings.FarcasterHubVolumeGigabytes), [WorkloadNames.FarcasterHub] },
        { nameof(ChainServicesSettings.CovenantSqlProducerVolumeGigabytes), [WorkloadNames.CovenantSqlProducer] },
        { nameof(ChainServicesSettings.CovenantSqlMinerVolumeGigabytes), [WorkloadNames.CovenantSqlMiner] },
        { nameof(ChainServicesSettings.DwsAgentVolumeGigabytes), [WorkloadNames.DwsAgent] },
    };

    [Theory]
    [MemberData(nameof(Replicas))]
    public void A_number_of_replicas_changes_its_workload_and_no_other(string setting, string[] expected) => Assert.All(Networks, network =>
    {
        Dictionary<string, WorkloadPlan> before = Plan(network, new ChainServicesSettings());
        Dictionary<string, WorkloadPlan> after = Plan(network, With(setting, Pods));

        Assert.Equal(expected, Changed(before, after));
        Assert.All(expected, name =>
        {
            Assert.Equal(Pods, after[name].Replicas);
            Assert.Equal(Math.Max(before[name].Scaling?.Maximum ?? Pods, Pods), after[name].Scaling?.Maximum ?? Pods);
            Assert.Equal(Text(before[name]), Text(after[name] with { Replicas = before[name].Replicas, Scaling = before[name].Scaling }));
        });
    });

    [Theory]
    [MemberData(nameof(Volumes))]
    public void A_size_changes_the_volumes_of_its_workload_and_no_other(string setting, string[] expected) => Assert.All(Networks, network =>
    {
        Dictionary<string, WorkloadPlan> before = Plan(network, new ChainServicesSettings());
        Dictionary<string, WorkloadPlan> after = Plan(network, With(setting, Gigabytes));

        Assert.Equal(expected, Changed(before, after));
        Assert.All(expected, name =>
        {
            Assert.Equal(Gigabytes, after[name].Volume!.Gigabytes);
            Assert.Equal(Text(before[name]), Text(after[name] with { Volume = before[name].Volume }));
        });
    });

    [Fact]
    public void Every_setting_of_the_group_is_one_of_the_cases_or_the_limit_of_the_gateway() => Assert.Equal(
        typeof(ChainServicesSettings).GetProperties().Select(property => property.Name).Where(name => name != nameof(ChainServicesSettings.GatewayMaximumReplicas)).Order(),
        Replicas.Concat(Volumes).Select(row => (string)row[0]).Order());

    [Fact]
    public void What_is_not_set_keeps_the_default_and_the_reference_shows_it() => Assert.All(Networks, network =>
    {
        WorkloadSizes defaults = WorkloadSizes.For(network.Name);

        Assert.Equal(defaults, new ChainServicesSettings().Over(defaults));
        Assert.Equal(defaults, MarketSettings.Defaults(network).SizesFor(network));
    });

    [Theory]
    [InlineData(null, 9, 3, 9)]
    [InlineData(null, 2, 2, 2)]
    [InlineData(14, null, 14, 14)]
    [InlineData(5, 6, 5, 6)]
    public void A_limit_of_the_gateway_follows_the_one_that_is_set(int? fewest, int? most, int expectedFewest, int expectedMost)
    {
        ChainServicesSettings settings = new() { GatewayReplicas = fewest, GatewayMaximumReplicas = most };

        WorkloadPlan gateway = Plan(NetworkProfile.Mainnet, settings)[WorkloadNames.Gateway];

        Assert.Equal((expectedFewest, expectedMost), (gateway.Replicas, gateway.Scaling!.Maximum));
    }

    [Fact]
    public void Every_miner_and_every_pod_of_the_bundler_has_a_key_of_its_own()
    {
        WorkloadSizes defaults = WorkloadSizes.For(NetworkName.Testnet);

        IReadOnlyList<ClusterSecret> secrets = SecretCatalog.For(defaults with { CovenantSqlMiners = 5, BundlerReplicas = 3 });

        Dictionary<string, IReadOnlyList<string>> keys = secrets.Except(SecretCatalog.All).ToDictionary(secret => secret.Name, secret => secret.Keys);
        Assert.Equal(2, keys.Count);
        Assert.Equal(["block-producer.key", "miner-0.key", "miner-1.key", "miner-2.key", "miner-3.key", "miner-4.key"], keys[SecretCatalog.CovenantSqlKeys.Name]);
        Assert.Equal(["bundler-0.key", "bundler-1.key", "bundler-2.key"], keys[SecretCatalog.BundlerKeys.Name]);
        Assert.Equal(Text(SecretCatalog.All), Text(SecretCatalog.For(defaults)));
    }

    private static ChainServicesSettings With(string setting, int value)
    {
        ChainServicesSettings settings = new();
        typeof(ChainServicesSettings).GetProperty(setting)!.SetValue(settings, value);
        return settings;
    }

    private static Dictionary<string, WorkloadPlan> Plan(NetworkProfile network, ChainServicesSettings settings) =>
        WorkloadPlans.For(network.Name, NodeGroups.For(network.Name, CloudName.Aws), sequences: true, settings.Over(WorkloadSizes.For(network.Name)))
            .ToDictionary(workload => workload.Name);

    private static IEnumerable<string> Changed(Dictionary<string, WorkloadPlan> before, Dictionary<string, WorkloadPlan> after)
    {
        Assert.Equal(before.Keys, after.Keys);
        return before.Keys.Where(name => Text(before[name]) != Text(after[name])).Order(StringComparer.Ordinal);
    }

    private static string Text(WorkloadPlan plan) => JsonSerializer.Serialize(plan with { Secrets = [] }) + Text(plan.Secrets);

    private static string Text(IEnumerable<ClusterSecret> secrets) => JsonSerializer.Serialize(secrets.Select(secret => (string[])[secret.SourceNameIn("any"), .. secret.Keys]));
}
