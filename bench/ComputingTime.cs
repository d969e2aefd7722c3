using System.Globalization;

namespace Jeju.Infra.Bench;

/// <summary>What the processors spent for the commands that this process has run: a busy machine makes it hardly longer.</summary>
internal static class ComputingTime
{
    // Of user and system mode, for children that have ended and theirs; see proc_pid_stat(5). Linux counts in hundredths for everybody.
    private const int ChildrenUser = 13;
    private const double TicksPerSecond = 100;

    /// <summary>Seconds since this process began.</summary>
    public static async Task<double> OfChildrenAsync(CancellationToken cancellationToken)
    {
        string stat = await File.ReadAllTextAsync("/proc/self/stat", cancellationToken);
        // The name, in parentheses, may contain spaces.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[ChildrenUser], CultureInfo.InvariantCulture) + long.Parse(fields[ChildrenUser + 1], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
