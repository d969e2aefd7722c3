using Jeju.Infra.Core;
using Jeju.Infra.Stacks;
using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Stacks;

/// <summary>What previews warn of: each as long as it is so, and no longer.</summary>
public sealed class CloudNoticesTests
{
    private static readonly GrafanaSettings SignedIn = new() { MetadataUrl = "https://id.jejunetwork.org/metadata", Editors = ["operators"] };

    [Fact]
    public void The_stacks_as_they_are_have_just_what_their_files_leave_open()
    {
        Assert.Equal(["JEJU0751", "JEJU0752"], Codes(Settings(NetworkProfile.Testnet), NetworkProfile.Testnet));
        Assert.Equal(["JEJU0751", "JEJU0752", "JEJU0753", "JEJU0755"], Codes(Settings(NetworkProfile.Mainnet), NetworkProfile.Mainnet));
    }

    [Fact]
    public void A_zone_that_is_delegated_by_hand_is_told_until_it_is_or_until_the_program_does_it()
    {
        var settings = Settings(NetworkProfile.Testnet);
        var notice = CloudNotices.Of(settings, NetworkProfile.Testnet).First();

        Assert.Contains("'testnet.jejunetwork.org'", notice.Text, StringComparison.Ordinal);
        Assert.Contains("'nameServers'", notice.Text, StringComparison.Ordinal);
        Assert.Contains("'parentZone'", notice.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("JEJU0751", Codes(settings with { ZoneDelegated = true }, NetworkProfile.Testnet));
        Assert.DoesNotContain("JEJU0751", Codes(settings with { Aws = settings.Aws! with { ParentZone = new ParentZoneSettings { ZoneId = "Z0123456789ABCDEFGHIJ" } } }, NetworkProfile.Testnet));
    }

    [Fact]
    public void A_Grafana_that_nobody_can_sign_in_to_is_told()
    {
        var settings = Settings(NetworkProfile.Testnet);

        Assert.DoesNotContain("JEJU0752", Codes(With(SignedIn), NetworkProfile.Testnet));
        Assert.DoesNotContain("JEJU0752", Codes(With(new GrafanaSettings { SignIn = GrafanaSignInKind.IdentityCenter }), NetworkProfile.Testnet));

        MarketSettings With(GrafanaSettings grafana) => settings with { Aws = settings.Aws! with { Grafana = grafana } };
    }

    [Theory]
    [InlineData("db-custom-8-32768", 30, true)]
    [InlineData("db-custom-8-32768", 7, false)]
    [InlineData("db-perf-optimized-N-8", 30, false)]
    [InlineData("db-perf-optimized-N-8", 35, false)]
    public void A_recovery_that_is_shorter_than_asked_for_is_told(string machine, int days, bool told)
    {
        var settings = Settings(NetworkProfile.Mainnet);
        var changed = settings with { Gcp = settings.Gcp! with { Database = new DatabaseSettings { MachineType = machine, BackupDays = days } } };

        Assert.Equal(told, Codes(changed, NetworkProfile.Mainnet).Contains("JEJU0753"));
    }

    [Fact]
    public void A_service_that_a_person_switches_on_is_told_until_the_settings_say_that_it_is_or_is_not()
    {
        var settings = Settings(NetworkProfile.Mainnet);

        Assert.All((bool[])[true, false], on =>
            Assert.DoesNotContain("JEJU0755", Codes(settings with { Gcp = settings.Gcp! with { SecurityCommandCenter = on } }, NetworkProfile.Mainnet)));
    }

    [Fact]
    public void An_execution_client_that_proves_no_withdrawal_is_told()
    {
        var settings = Settings(NetworkProfile.Mainnet);

        Assert.Contains("JEJU0754", Codes(settings with { Rollup = settings.Rollup with { ExecutionClient = ExecutionClient.OpGeth } }, NetworkProfile.Mainnet));
    }

    private static string[] Codes(MarketSettings settings, NetworkProfile profile) => [.. CloudNotices.Of(settings, profile).Select(notice => notice.Code.ToString())];

    private static MarketSettings Settings(NetworkProfile profile)
    {
        var file = SettingsFile.Read(Checkout.Layout.StackSettingsFile(profile.StackName));
        return new SettingsReader(file, profile).Read<MarketSettings>(file.Keys.ToDictionary(key => key, key => file.Text(key) ?? ""));
    }
}
