using System.Diagnostics;
using System.Globalization;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Bench;

/// <summary>How long a leased service is away after its container was killed, with nobody but the agent to see it.</summary>
internal static class RestoreFigure
{
    private const int Repeats = 3;

    public static async Task<string> MeasureAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using BenchLocalnet localnet = await BenchLocalnet.CreateAsync(context, "[postgres, redis]", cancellationToken);
        await localnet.JejuAsync(cancellationToken, "up");
        using DockerEngine docker = new(context.Time);
        List<string> results = [];
        foreach (string kind in (string[])["postgres", "redis"])
        {
            string address = (await localnet.JejuAsync(cancellationToken, "outputs", $"connectionStrings.{kind}", "--show-secrets")).Output.Trim();
            ServedContainer service = ServedContainer.Of(kind, address);
            List<double> floors = [];
            List<double> restores = [];
            for (int round = 0; round < Repeats; round++)
            {
                floors.Add((await ContainerFloor.MeasureRestartAsync(context, kind, cancellationToken)).TotalSeconds);
                long began = Stopwatch.GetTimestamp();
                await service.KillAsync(docker, cancellationToken);
                await service.WaitAsync(context.Time, cancellationToken);
                restores.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            }

            results.Add($"{kind} {UpFigures.Ratio(UpFigures.Median(restores), UpFigures.Median(floors))}");
        }

        return string.Join(", ", results);
    }
}
