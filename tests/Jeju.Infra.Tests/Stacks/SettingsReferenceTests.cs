using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.Architecture;

namespace Jeju.Infra.Tests.Stacks;

public sealed class SettingsReferenceTests
{
    /// <summary>Set to 1, the page is written anew instead of compared.</summary>
    private const string AcceptVariable = "JEJU_ACCEPT_GENERATED";

    [Fact]
    public void The_page_of_settings_says_what_the_program_reads()
    {
        var path = Path.Combine(Checkout.Layout.StacksFolder, SettingsReference.FileName);
        var page = SettingsReference.Write();
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, $"stacks/{SettingsReference.FileName} is not what the settings give: {AcceptVariable}=1 ./jeju test fast writes it.");
    }

    [Theory]
    [InlineData("| `aws.nodeGroups.rpc.machineType` | ", " | testnet: `m6a.")]
    [InlineData("| `aws.database.backupDays` | ", "a whole number from 1 to 35 days | testnet: `7`, mainnet: `30` |")]
    [InlineData("| `gcp.requestsPerAddress` | ", "testnet: `2000`, mainnet: `10000` |")]
    [InlineData("| `chainServices.rpcReplicas` | ", "a whole number from 2 to 50 replicas | testnet: `2`, mainnet: `3` |")]
    [InlineData("| `chainServices.kmsReplicas` | ", "a whole number from 2 to 50 replicas | `2` |")]
    [InlineData("| `chainPort` | ", "a whole number from 1024 to 65535 | `8545` |")]
    [InlineData("| `services[].hours` | ", "a whole number from 1 to 720 hours | `168` |")]
    [InlineData("| `deployer.key` | ", "| required |")]
    [InlineData("| `contracts.regions` | ", "a list, each entry a region's lower-case name | `local` |")]
    [InlineData("| `contracts.watcherQuorum` | ", "a whole number from 1 to 64 watchers | none |")]
    public void A_setting_stands_with_its_rule_and_its_default(string begin, string part)
    {
        var line = SettingsReference.Write().Split('\n').First(text => text.StartsWith(begin, StringComparison.Ordinal));

        Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
