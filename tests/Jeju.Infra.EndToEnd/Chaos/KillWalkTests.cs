using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.EndToEnd.Harness;
using Xunit.Abstractions;

namespace Jeju.Infra.EndToEnd.Chaos;

/// <summary>
/// Kills one process of a localnet at one step of <c>up</c>, a step being a line of its progress, and judges what the next <c>up</c> makes of it.
/// <c>./jeju test</c> walks over a seeded sample, <c>./jeju test chaos</c> over all steps.
/// </summary>
public sealed class KillWalkTests(ITestOutputHelper log)
{
    private const string AllVariable = "JEJU_CHAOS";
    private const string SeedVariable = "JEJU_CHAOS_SEED";

    // A little more than the lines of an undisturbed run with one service: the last steps kill what runs after it.
    private const int Steps = 36;

    private static readonly TimeSpan SampleTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan UpDeadline = TimeSpan.FromMinutes(6);

    [DockerFact]
    public async Task Whatever_is_killed_the_next_up_completes_with_one_lease_and_all_the_money()
    {
        bool all = Environment.GetEnvironmentVariable(AllVariable) == "all";
        int seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int given)
            ? given
            : (int)(Stopwatch.GetTimestamp() % int.MaxValue);
        List<(Victim Victim, int Step)> walk = [.. Victim.All.SelectMany(victim => Enumerable.Range(1, Steps).Select(step => (victim, step)))];
        if (!all)
        {
            new Random(seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(walk));
        }

        log.WriteLine($"seed {seed}: {SeedVariable}={seed} repeats this walk");
        long started = Stopwatch.GetTimestamp();
        int walked = 0;
        foreach ((Victim victim, int step) in walk)
        {
            if (!all && Stopwatch.GetElapsedTime(started) > SampleTime)
            {
                break;
            }

            await KillAtAsync(victim, step, seed);
            walked++;
        }

        log.WriteLine($"{walked} of {walk.Count} steps walked");
    }

    private async Task KillAtAsync(Victim victim, int step, int seed)
    {
        string here = $"seed {seed}, {victim.Name} killed at step {step}";
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", "[redis]"));
        bool killed = await UpWithKillAsync(localnet, victim, step);
        log.WriteLine($"{here}{(killed ? string.Empty : " (it did not run then)")}");

        CommandRun next = await localnet.RunAsync("up");
        Assert.True(next.ExitCode == 0, $"{here}: {next}");

        SuiteView suite = await SuiteView.OfAsync(localnet);
        IReadOnlyList<string> orders = await suite.LiveOrdersAsync();
        Assert.True(orders.Count == 1, $"{here}: {orders.Count} live leases");
        Assert.True(await suite.StateOfAsync(orders[0]) == SuiteView.Ready, $"{here}: the lease is not ready");
        (BigInteger held, BigInteger owed) = await suite.MoneyAsync();
        Assert.True(held == owed, $"{here}: billing holds {held} and owes {owed}");
        using LeaseContainers containers = await LeaseContainers.OfAsync(localnet);
        Assert.Equal("PONG", await LocalnetCheckout.RedisAsync(await localnet.OutputAsync("connectionStrings.redis"), "ping"));
        await Eventually.IsTrueAsync($"{here}: one container", TimeSpan.FromMinutes(1), async () => await containers.CountAsync() == (1, 1, 1));

        CommandRun destroy = await localnet.RunAsync("destroy");
        Assert.True(destroy.ExitCode == 0, $"{here}: {destroy}");
        Assert.True(await containers.CountAsync() == (0, 0, 0), $"{here}: something is left after destroy");
    }

    /// <summary>Runs <c>up</c> and kills the victim when the given number of lines was said, or at the end where there are fewer.</summary>
    private static async Task<bool> UpWithKillAsync(LocalnetCheckout localnet, Victim victim, int step)
    {
        using CancellationTokenSource deadline = new(UpDeadline);
        int lines = 0;
        bool killed = false;
        await ChildProcess.RunAsync(
            localnet.Jeju("up"),
            _ => { },
            _ =>
            {
                lines++;
                killed |= lines == step && victim.Kill(localnet);
            },
            deadline.Token);
        return killed || (lines < step && victim.Kill(localnet));
    }
}
