using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary><c>./jeju up</c> on a public stack whose plan a rule refuses: exit code 3, before anything is changed, written or asked.</summary>
public sealed class RefusedDeploymentTests
{
    [Fact]
    public async Task A_plan_that_a_rule_or_the_engine_refuses_is_not_deployed_and_leaves_nothing_behind()
    {
        await using LocalnetCheckout checkout = await LocalnetCheckout.CreateAsync();
        checkout.Environment["PULUMI_CONFIG_PASSPHRASE"] = "plan";
        checkout.Environment["AWS_ACCESS_KEY_ID"] = null;
        checkout.Environment["JEJU_DEPLOYER_KEY"] = null;
        string settings = await File.ReadAllTextAsync(checkout.Layout.StackSettingsFile("testnet"));
        string withoutExceptions = settings[..settings.IndexOf("  jeju-infra:policyExceptions:", StringComparison.Ordinal)];

        CommandRun unanswered = await UpAsync(checkout, withoutExceptions);
        CommandRun refused = await UpAsync(checkout, withoutExceptions, "--yes");
        CommandRun onlyPlanned = await UpAsync(checkout, settings, "--yes");
        string[] written = Directory.Exists(checkout.Layout.EngineStateFolder)
            ? Directory.GetFiles(checkout.Layout.EngineStateFolder, "testnet.json", SearchOption.AllDirectories)
            : [];

        // Without a terminal nobody answers the question, and nobody is taken to have said yes.
        Assert.NotEqual(0, unanswered.ExitCode);
        refused.FailedWith(3, "JEJU0900");
        Assert.Contains("JEJU0901", refused.Error, StringComparison.Ordinal);
        Assert.Contains("jeju-testnet-logs", refused.Error, StringComparison.Ordinal);
        Assert.Contains("policyExceptions", refused.Error, StringComparison.Ordinal);
        // The rules let it pass; the embedded engine has no plugin of a cloud, and does not begin.
        onlyPlanned.FailedWith(3, "JEJU0110");
        Assert.DoesNotContain("created", onlyPlanned.Error + onlyPlanned.Output, StringComparison.Ordinal);
        Assert.Empty(written);
        Assert.False(Directory.Exists(checkout.Layout.JournalFolder("testnet")), "a transaction was prepared");
    }

    private static async Task<CommandRun> UpAsync(LocalnetCheckout checkout, string settings, params string[] options)
    {
        // The old file is a hard link to the developer's: it must be replaced, not written.
        string file = checkout.Layout.StackSettingsFile("testnet");
        File.Delete(file);
        await File.WriteAllTextAsync(file, settings);
        return await checkout.RunAsync(["up", "--stack", "testnet", .. options]);
    }
}
