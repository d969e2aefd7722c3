using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Jeju.Infra.EndToEnd.Harness;
using Xunit.Abstractions;

namespace Jeju.Infra.EndToEnd.Chaos;

/// <summary>
/// Kills one process of a localnet at one step of <c>up</c>, a step being a line of its progress, and judges what the next <c>up</c> makes of it.
/// Which steps there are, and what runs at each, is seen in a run that nobody disturbs. <c>./jeju test</c> walks over a seeded sample,
/// <c>./jeju test chaos</c> over all steps.
/// </summary>
public sealed class KillWalkTests(ITestOutputHelper log)
{
    private const string AllVariable = "JEJU_CHAOS";
    private const string SeedVariable = "JEJU_CHAOS_SEED";
    private const string SkipVariable = "JEJU_CHAOS_SKIP";

    private static readonly TimeSpan SampleTime = TimeSpan.FromSeconds(60);

    // While one localnet waits for a block or a container, the other computes.
    private static readonly int Walkers = Math.Clamp(Environment.ProcessorCount, 1, 4);

    [DockerFact]
    public async Task Whatever_is_killed_the_next_up_completes_with_one_lease_and_all_the_money()
    {
        bool all = Environment.GetEnvironmentVariable(AllVariable) == "all";
        int seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int given)
            ? given
            : (int)(Stopwatch.GetTimestamp() % int.MaxValue);
        using WalkLog lines = new(log, all);
        lines.Write($"seed {seed}: {SeedVariable}={seed} repeats this walk");
        long started = Stopwatch.GetTimestamp();
        List<KillStep> walk = [.. await KillStep.OfUndisturbedRunAsync(["redis"])];
        if (all)
        {
            // The steps of a service that keeps data differ only where it is ordered and started: every third of them will do.
            walk.AddRange((await KillStep.OfUndisturbedRunAsync(["postgres", "redis"])).Where((_, index) => index % 3 == 0));
        }
        else
        {
            new Random(seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(walk));
        }

        Assert.All(Victim.All, victim => Assert.Contains(walk, step => step.Victim == victim));
        if (int.TryParse(Environment.GetEnvironmentVariable(SkipVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int skipped))
        {
            // A walk that was broken off goes on where it was.
            lines.Write($"{SkipVariable}: the first {skipped} of {walk.Count} steps are left out");
            walk.RemoveRange(0, Math.Min(skipped, walk.Count));
        }

        ConcurrentQueue<string> failures = [];
        int walked = 0;
        await Parallel.ForEachAsync(walk, new ParallelOptions { MaxDegreeOfParallelism = all ? Walkers : 1 }, async (step, _) =>
        {
            if (!all && (Stopwatch.GetElapsedTime(started) > SampleTime || !failures.IsEmpty))
            {
                return;
            }

            try
            {
                bool killed = await step.WalkAsync();
                lines.Write($"{step}{(killed ? string.Empty : ": it did not run then")}");
            }
#pragma warning disable CA1031 // One step that fails must not hide what the others show.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                lines.Write($"{step} FAILED: {failure.Message}");
                failures.Enqueue($"seed {seed}, {step}: {failure.Message}");
            }

            Interlocked.Increment(ref walked);
        });

        lines.Write(string.Create(
            CultureInfo.InvariantCulture, $"{walked} of {walk.Count} steps walked in {Stopwatch.GetElapsedTime(started).TotalMinutes:F1} minutes, {failures.Count} failed"));
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    /// <summary>What was walked; a whole walk takes long, and is written to a file as it goes.</summary>
    private sealed class WalkLog(ITestOutputHelper log, bool toFile) : IDisposable
    {
        private readonly StreamWriter? _file = toFile ? OpenFile() : null;

        public void Write(string line)
        {
            lock (log)
            {
                log.WriteLine(line);
                _file?.WriteLine(line);
            }
        }

        public void Dispose() => _file?.Dispose();

        private static StreamWriter OpenFile()
        {
            string folder = Path.Combine(JejuScript.Layout.StateFolder, "tests", "chaos");
            Directory.CreateDirectory(folder);
            return new StreamWriter(Path.Combine(folder, "walk.log")) { AutoFlush = true };
        }
    }
}
