using System.Globalization;
using System.Numerics;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Chaos;

/// <summary>One process, to be killed at one line of an <c>up</c> that orders some services.</summary>
/// <param name="Victim">The process.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Services">The services.</param>
public sealed record KillStep(Victim Victim, int Line, IReadOnlyList<string> Services)
{
    private static readonly TimeSpan UpDeadline = TimeSpan.FromMinutes(6);

    /// <summary>The steps at which something runs that can be killed, seen in a run that is left in peace.</summary>
    internal static async Task<IReadOnlyList<KillStep>> OfUndisturbedRunAsync(IReadOnlyList<string> services)
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", $"[{string.Join(", ", services)}]"));
        List<KillStep> steps = [];
        int lines = 0;
        using CancellationTokenSource deadline = new(UpDeadline);
        CommandRun up = await CommandRun.RunAsync(
            localnet.Jeju("up"),
            deadline.Token,
            _ =>
            {
                lines++;
                steps.AddRange(Victim.All.Where(victim => victim.Runs(localnet)).Select(victim => new KillStep(victim, lines, services)));
            });
        up.Succeeded();
        return steps;
    }

    /// <summary>Kills, and judges what the next <c>up</c> and a <c>destroy</c> make of it. False where the victim was gone already.</summary>
    internal async Task<bool> WalkAsync()
    {
        await using LocalnetCheckout localnet = await LocalnetCheckout.CreateAsync();
        await localnet.WriteSettingsAsync(("services", $"[{string.Join(", ", Services)}]"));
        bool killed = await UpWithKillAsync(localnet);

        (await localnet.RunAsync("up")).Succeeded();

        SuiteView suite = await SuiteView.OfAsync(localnet);
        IReadOnlyList<string> orders = await suite.LiveOrdersAsync();
        Assert.True(orders.Count == Services.Count, $"{orders.Count} live leases");
        foreach (string order in orders)
        {
            Assert.True(await suite.StateOfAsync(order) == SuiteView.Ready, $"the lease {order} is not ready");
        }

        (BigInteger held, BigInteger owed) = await suite.MoneyAsync();
        Assert.True(held == owed, $"billing holds {held} and owes {owed}");
        using LeaseContainers containers = await LeaseContainers.OfAsync(localnet);
        foreach (string service in Services)
        {
            string connection = await localnet.OutputAsync($"connectionStrings.{service}");
            string answer = service == "redis" ? await LocalnetCheckout.RedisAsync(connection, "ping") : await LocalnetCheckout.PsqlAsync(connection, "select 1");
            Assert.Equal(service == "redis" ? "PONG" : "1", answer);
        }

        int count = Services.Count;
        await Eventually.IsTrueAsync(
            "one container for each lease", TimeSpan.FromMinutes(1), async () => await containers.CountAsync() == (count, count, count));

        (await localnet.RunAsync("destroy")).Succeeded();
        Assert.True(await containers.CountAsync() == (0, 0, 0), "something is left after destroy");
        return killed;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Victim.Name} killed at line {Line} of an up with {string.Join(" and ", Services)}");

    /// <summary>Runs <c>up</c> and kills the victim when the given number of lines was said, or at the end where there are fewer.</summary>
    private async Task<bool> UpWithKillAsync(LocalnetCheckout localnet)
    {
        using CancellationTokenSource deadline = new(UpDeadline);
        int lines = 0;
        bool killed = false;
        await CommandRun.RunAsync(
            localnet.Jeju("up"),
            deadline.Token,
            _ =>
            {
                lines++;
                killed |= lines == Line && Victim.Kill(localnet);
            });
        return killed || (lines < Line && Victim.Kill(localnet));
    }
}
