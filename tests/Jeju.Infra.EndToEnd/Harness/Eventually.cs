using System.Diagnostics;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>Waits for something that another process does, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until the answer is yes; returns how long that took.</summary>
    public static async Task<TimeSpan> IsTrueAsync(string what, TimeSpan deadline, Func<Task<bool>> ask)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await ask())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < deadline, $"{what} did not become true within {deadline.TotalSeconds} s");
            await Task.Delay(Interval);
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
