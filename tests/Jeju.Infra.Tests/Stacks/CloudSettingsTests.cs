using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;
using Jeju.Infra.Stacks;
using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.Architecture;
using Jeju.Infra.Tests.Engine;
using Pulumi.Automation;
using Pulumi.Automation.Events;

namespace Jeju.Infra.Tests.Stacks;

/// <summary>What the settings of a cloud decide.</summary>
public sealed partial class CloudSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-clouds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [AutomationFact]
    public async Task The_commented_setting_of_testnet_brings_Google_Cloud_beside_Amazon()
    {
        var path = Path.Combine(_folder, "Pulumi.testnet.yaml");
        var lines = File.ReadAllLines(Checkout.Layout.StackSettingsFile("testnet"));
        var begin = Array.FindIndex(lines, line => line.StartsWith("  # jeju-infra:gcp:", StringComparison.Ordinal));
        File.WriteAllLines(path, lines.Select((line, index) => index >= begin && line.StartsWith("  # ", StringComparison.Ordinal) ? "  " + line[4..] : line));
        var settings = Read(SettingsFile.Read(path));

        var types = await PlannedTypesAsync(settings);

        Assert.Contains("aws:eks/cluster:Cluster", types);
        Assert.Contains("gcp:container/cluster:Cluster", types);
        Assert.Contains("gcp:sql/databaseInstance:DatabaseInstance", types);
    }

    [AutomationFact]
    public async Task The_zone_above_the_stacks_gets_the_delegation_and_nothing_else()
    {
        var settings = Testnet();
        var parent = new ParentZoneSettings { ZoneId = "Z0123456789ABCDEFGHIJ", Role = "arn:aws:iam::100000000002:role/dns" };

        var before = await PlannedAsync(settings);
        var after = await PlannedAsync(settings with { Aws = settings.Aws! with { ParentZone = parent } });

        Assert.Equal(["aws:route53/record:Record jeju-testnet-delegation"], after.Except(before));
        Assert.Empty(before.Except(after));
    }

    /// <summary>What a first or a second deployment of an account would be refused can be left out or changed, and nothing else goes with it.</summary>
    [AutomationFact]
    public async Task What_an_account_has_already_is_left_out_and_its_identity_provider_comes_in()
    {
        var settings = Testnet();
        var grafana = new GrafanaSettings { MetadataUrl = "https://id.jejunetwork.org/metadata", Editors = ["operators"] };

        var before = await PlannedAsync(settings);
        var after = await PlannedAsync(settings with { Aws = settings.Aws! with { ThreatDetectionElsewhere = true, Grafana = grafana } });

        Assert.Equal(["aws:grafana/workspaceSamlConfiguration:WorkspaceSamlConfiguration jeju-testnet-dashboards"], after.Except(before));
        Assert.Equal(
            ["aws:guardduty/detector:Detector", "aws:guardduty/detectorFeature:DetectorFeature"],
            before.Except(after).Select(one => one.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>A testnet is made again and again: a name that a deleted secret keeps for a month would be in the way.</summary>
    [Fact]
    public void Secrets_of_a_testnet_are_gone_at_once_and_those_of_mainnet_can_be_restored()
    {
        var settings = Testnet().Aws!;

        Assert.Equal(0, settings.SecretRecoveryDaysFor(NetworkProfile.Testnet));
        Assert.Equal(30, settings.SecretRecoveryDaysFor(NetworkProfile.Mainnet));
        Assert.Equal(7, (settings with { SecretRecoveryDays = 7 }).SecretRecoveryDaysFor(NetworkProfile.Testnet));
    }

    [Theory]
    [InlineData("db-custom-8-32768", 32_768, "ENTERPRISE", 7)]
    [InlineData("db-perf-optimized-N-8", 65_536, "ENTERPRISE_PLUS", 35)]
    public void A_machine_of_Cloud_SQL_decides_the_edition(string machine, int megabytes, string edition, int days)
    {
        Assert.Equal(megabytes, DatabaseMachines.MemoryMegabytes(CloudName.Gcp, machine));
        Assert.Equal(new CloudSqlEdition(edition, days), CloudSqlEdition.Of(machine));
    }

    /// <summary>A cluster begins with the release that is supported longest, and the setting says until when each is.</summary>
    [Fact]
    public void The_versions_of_Kubernetes_are_told_with_the_end_of_their_support()
    {
        var description = typeof(AwsSettings).GetProperty(nameof(AwsSettings.KubernetesVersion))!.GetCustomAttribute<SettingAttribute>()!.Description;

        Assert.Equal(KubernetesRelease.All.MaxBy(release => release.SupportEnds)!.Version, Testnet().Aws!.KubernetesVersion);
        Assert.Equal(
            KubernetesRelease.All.Select(release => $"{release.Version} {release.SupportEnds:yyyy-MM-dd}"),
            VersionAndEnd().Matches(description).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}"));
    }

    [AutomationFact]
    public async Task Without_a_cloud_nothing_of_phase_one_is_planned() =>
        Assert.Empty(await PlannedTypesAsync(Testnet() with { Aws = null }));

    [Fact]
    public void Sizes_that_are_set_take_the_place_of_the_defaults_and_no_others()
    {
        var defaults = Testnet().Aws!;
        var settings = defaults with
        {
            RequestsPerAddress = 3210,
            NodeGroups = new NodeGroupsSettings { Rpc = new NodeGroupSettings { MachineType = "m7a.4xlarge", Maximum = 9 }, General = new NodeGroupSettings { Minimum = 8 } },
            Database = new DatabaseSettings { MachineType = "db.r6g.large", BackupDays = 21 },
        };

        var groups = settings.NodeGroupsFor(NetworkProfile.Testnet).ToDictionary(group => group.Name);
        var before = defaults.NodeGroupsFor(NetworkProfile.Testnet).ToDictionary(group => group.Name);
        Assert.Equal(before["rpc"] with { MachineType = "m7a.4xlarge", Maximum = 9 }, groups["rpc"]);
        Assert.Equal(before["general"] with { Minimum = 8, Maximum = 8 }, groups["general"]);
        Assert.Equal(before["indexer"], groups["indexer"]);
        Assert.Equal(
            defaults.DatabasePlanFor(NetworkProfile.Testnet) with { MachineType = "db.r6g.large", MemoryMegabytes = 16_384, BackupDays = 21 },
            settings.DatabasePlanFor(NetworkProfile.Testnet));
        Assert.Equal(new FirewallPlan(3210), settings.FirewallPlanFor(NetworkProfile.Testnet));
        Assert.Equal(FirewallPlan.For(NetworkName.Testnet), defaults.FirewallPlanFor(NetworkProfile.Testnet));
    }

    [Theory]
    [InlineData(NetworkName.Testnet, CloudName.Aws)]
    [InlineData(NetworkName.Testnet, CloudName.Gcp)]
    [InlineData(NetworkName.Mainnet, CloudName.Aws)]
    [InlineData(NetworkName.Mainnet, CloudName.Gcp)]
    public void The_memory_of_a_default_database_is_that_of_its_machine(NetworkName network, CloudName cloud)
    {
        var plan = DatabasePlan.For(network, cloud);

        Assert.Equal(plan.MemoryMegabytes, DatabaseMachines.MemoryMegabytes(cloud, plan.MachineType));
    }

    private static MarketSettings Testnet() => Read(SettingsFile.Read(Checkout.Layout.StackSettingsFile("testnet")));

    private static MarketSettings Read(SettingsFile file) =>
        new SettingsReader(file, NetworkProfile.Testnet).Read<MarketSettings>(file.Keys.ToDictionary(key => key, key => file.Text(key) ?? ""));

    /// <summary>The types of what the clouds plan, with outputs as unknown as a preview has them.</summary>
    private async Task<IReadOnlyCollection<string>> PlannedTypesAsync(MarketSettings settings) =>
        [.. (await PlannedAsync(settings)).Select(one => one.Split(' ')[0]).Where(type => !type.StartsWith("pulumi:providers:", StringComparison.Ordinal)).Distinct()];

    /// <summary>Types and names.</summary>
    private async Task<IReadOnlyCollection<string>> PlannedAsync(MarketSettings settings)
    {
        var program = PulumiFn.Create(() => Clouds.Define(settings, NetworkProfile.Testnet));
        using var stack = await LocalWorkspace.CreateOrSelectStackAsync(new InlineProgramArgs("jeju-infra", "testnet", program)
        {
            WorkDir = _folder,
            EnvironmentVariables = new Dictionary<string, string?> { ["PULUMI_BACKEND_URL"] = $"file://{_folder}", ["PULUMI_CONFIG_PASSPHRASE"] = "secret" },
        });
        var events = new ConcurrentQueue<EngineEvent>();
        await stack.PreviewAsync(new PreviewOptions { OnEvent = events.Enqueue });
        return [.. events.Select(one => one.ResourcePreEvent?.Metadata).OfType<StepEventMetadata>().Select(one => $"{one.Type} {one.Urn[(one.Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..]}").Distinct()];
    }

    [GeneratedRegex(@"(1\.[0-9]{2}) \(\D*([0-9]{4}-[0-9]{2}-[0-9]{2})\)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionAndEnd();
}
