using System.Globalization;
using System.Text.RegularExpressions;

namespace Jeju.Infra.Bench;

/// <summary>The figures that are taken from whole runs of the script.</summary>
internal static partial class UpFigures
{
    private const int Repeats = 3;
    private static readonly string[] Kinds = ["postgres", "redis"];

    public static async Task<string> AgainstFloorAsync(BenchContext context, CancellationToken cancellationToken)
    {
        List<double> floors = [];
        List<double> ups = [];
        // The first round makes the images and warms the disk; it does not count.
        for (int round = 0; round <= Repeats; round++)
        {
            TimeSpan floor = await ContainerFloor.MeasureAsync(context, withChain: true, Kinds, cancellationToken);
            await using BenchLocalnet localnet = await BenchLocalnet.CreateAsync(context, "[postgres, redis]", cancellationToken);
            (TimeSpan up, _, _) = await localnet.JejuAsync(cancellationToken, "up");
            if (round > 0)
            {
                floors.Add(floor.TotalSeconds);
                ups.Add(up.TotalSeconds);
            }
        }

        return Ratio(Median(ups), Median(floors));
    }

    public static async Task<string> UnchangedAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using BenchLocalnet localnet = await BenchLocalnet.CreateAsync(context, "[postgres, redis]", cancellationToken);
        await localnet.JejuAsync(cancellationToken, "up");
        List<double> empties = [];
        List<double> ups = [];
        List<double> computing = [];
        for (int round = 0; round < Repeats; round++)
        {
            empties.Add((await localnet.JejuAsync(cancellationToken, "--version")).Elapsed.TotalSeconds);
            double before = await ComputingTime.OfChildrenAsync(cancellationToken);
            ups.Add((await localnet.JejuAsync(cancellationToken, "up", "--expect-no-changes")).Elapsed.TotalSeconds);
            computing.Add(await ComputingTime.OfChildrenAsync(cancellationToken) - before);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Ratio(Median(ups), Median(empties))}, {Median(computing):F2} s of computing");
    }

    public static async Task<string> OrderToReadyAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using BenchLocalnet localnet = await BenchLocalnet.CreateAsync(context, "[]", cancellationToken);
        await localnet.JejuAsync(cancellationToken, "up");
        List<double> floors = [];
        List<double> orders = [];
        for (int round = 0; round < Repeats; round++)
        {
            floors.Add((await ContainerFloor.MeasureAsync(context, withChain: false, ["redis"], cancellationToken)).TotalSeconds);
            await localnet.WriteServicesAsync("[redis]", cancellationToken);
            (_, string talk, _) = await localnet.JejuAsync(cancellationToken, "up");
            orders.Add(double.Parse(Ordered().Match(talk).Groups["seconds"].Value, CultureInfo.InvariantCulture));
            await localnet.WriteServicesAsync("[]", cancellationToken);
            await localnet.JejuAsync(cancellationToken, "up");
        }

        double above = Median(orders) - Median(floors);
        return string.Create(CultureInfo.InvariantCulture, $"{Ratio(Median(orders), Median(floors))}, {above:F2} s above");
    }

    internal static string Ratio(double measured, double floor) =>
        string.Create(CultureInfo.InvariantCulture, $"{measured / floor:F2} = {measured:F2} s / {floor:F2} s");

    internal static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"created redis \(jeju:ProvisionedNode\)  (?<seconds>[0-9.]+) s")]
    private static partial Regex Ordered();
}
