using System.Globalization;

namespace Jeju.Infra.Bench;

/// <summary>Where the figures come from.</summary>
internal static class MachineFacts
{
    public static async Task WriteAsync(BenchContext context, CancellationToken cancellationToken)
    {
        string processor = await FindAsync("/proc/cpuinfo", "model name", cancellationToken);
        string memory = await FindAsync("/proc/meminfo", "MemTotal", cancellationToken);
        string load = (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0];
        await context.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors ({processor}), {memory} memory, load {load}, {Environment.OSVersion.VersionString}, .NET {Environment.Version}"));
    }

    private static async Task<string> FindAsync(string file, string name, CancellationToken cancellationToken) =>
        (await File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "?";
}
