using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Jeju.Infra.Chain;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.EndToEnd.Chain;
using Jeju.Infra.EndToEnd.Harness;
using Xunit.Abstractions;

namespace Jeju.Infra.EndToEnd.Chaos;

/// <summary>
/// Kills <c>jeju contracts deploy</c> with SIGKILL after one of its transactions, and judges what the next run makes of it. <c>./jeju test</c> walks a
/// seeded sample, <c>./jeju test chaos</c> all of them.
/// </summary>
public sealed class DeploymentKillTests(ITestOutputHelper log)
{
    private const int Sample = 2;

    // A little more than the transactions of a deployment: the last kill comes too late.
    private const int Steps = 66;

    [FoundryFact]
    public async Task A_killed_deployment_is_completed_by_the_next_run_at_the_same_addresses_and_nothing_is_sent_twice()
    {
        bool all = Environment.GetEnvironmentVariable("JEJU_CHAOS") == "all";
        int seed = int.TryParse(Environment.GetEnvironmentVariable("JEJU_CHAOS_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int given)
            ? given
            : (int)(Stopwatch.GetTimestamp() % int.MaxValue);
        int[] steps = [.. Enumerable.Range(1, Steps)];
        if (!all)
        {
            new Random(seed).Shuffle(steps);
        }

        log.WriteLine($"seed {seed}: JEJU_CHAOS_SEED={seed} repeats this walk");
        await using LocalnetCheckout checkout = await LocalnetCheckout.CreateAsync();
        string? addresses = null;
        foreach (int step in all ? steps : steps[..Sample])
        {
            // Blocks that hold few transactions each, so that the kill falls between them; what waits in the pool is lost with the node.
            await using TestAnvil anvil = await TestAnvil.StartAsync(blockTime: 1);
            await checkout.WriteSettingsAsync(("chainPort", new Uri(anvil.Settings.Url).Port.ToString(CultureInfo.InvariantCulture)));
            await anvil.RpcAsync("evm_setBlockGasLimit", "0x2000000");
            bool killed = await KillAsync(checkout, step);
            await anvil.RpcAsync("anvil_dropAllTransactions");
            await anvil.RpcAsync("evm_setBlockGasLimit", "0x3938700");

            JsonElement next = await DeployAsync(checkout);
            JsonElement again = await DeployAsync(checkout);

            string here = $"seed {seed}, step {step}{(killed ? "" : " (too late)")}";
            log.WriteLine($"{here}: {next.GetProperty("transactions").GetInt32()} transactions were left");
            Assert.Equal(0, next.GetProperty("deviations").GetArrayLength());
            Assert.Equal(0, again.GetProperty("transactions").GetInt32());
            addresses ??= next.GetProperty("contracts").ToString();
            Assert.Equal(addresses, next.GetProperty("contracts").ToString());
            string jeju = next.GetProperty("contracts").GetProperty("JejuToken").GetString() ?? "";
            string held = await Cast.RunAsync(
                "call", "--rpc-url", anvil.Settings.Url, jeju, "balanceOf(address)(uint256)", AnvilAccounts.Operator.Address.ToString());
            Assert.True(held.StartsWith("2000000000000000000000000 ", StringComparison.Ordinal), $"{here}: the operator holds {held}");
        }
    }

    private static async Task<JsonElement> DeployAsync(LocalnetCheckout checkout)
    {
        CommandRun run = await checkout.RunAsync("contracts", "deploy", "--json");
        using JsonDocument report = JsonDocument.Parse(run.Succeeded().Output);
        return report.RootElement.Clone();
    }

    /// <summary>Deploys, and kills the process when it has reported the given number of transactions.</summary>
    private static async Task<bool> KillAsync(LocalnetCheckout checkout, int step)
    {
        Victim deployment = new("deployment", "jeju", "deploy");
        int reported = 0;
        bool killed = false;
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(3));
        await ChildProcess.RunAsync(
            checkout.Jeju("contracts", "deploy"),
            _ => { },
            line => killed |= line.Contains(": block ", StringComparison.Ordinal) && ++reported == step && deployment.Kill(checkout),
            deadline.Token);
        return killed;
    }
}
