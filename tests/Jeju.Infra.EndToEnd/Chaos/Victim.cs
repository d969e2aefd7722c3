using System.Diagnostics;
using System.Globalization;
using Jeju.Infra.EndToEnd.Harness;

namespace Jeju.Infra.EndToEnd.Chaos;

/// <summary>A process of a localnet that can be killed.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Executable">Its executable.</param>
/// <param name="Argument">An argument that tells it from others with the same executable.</param>
public sealed record Victim(string Name, string Executable, string Argument)
{
    /// <summary>All that a kill walk kills.</summary>
    public static IReadOnlyList<Victim> All { get; } =
    [
        new("up", "jeju", "up"),
        new("plugin", "pulumi-resource-jeju", string.Empty),
        new("agent", "jeju", "agent"),
        new("anvil", "anvil", string.Empty),
    ];

    /// <summary>Whether it runs.</summary>
    internal bool Runs(LocalnetCheckout localnet) => Find(localnet).Any();

    /// <summary>Kills it as a crash would. False where it does not run.</summary>
    internal bool Kill(LocalnetCheckout localnet) => Find(localnet).ToList().Count(Kill) > 0;

    private IEnumerable<int> Find(LocalnetCheckout localnet)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && IsMine(folder, localnet))
            {
                yield return id;
            }
        }
    }

    private bool IsMine(string folder, LocalnetCheckout localnet)
    {
        try
        {
            string[] commandLine = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return commandLine.Length > 0
                && Path.GetFileName(commandLine[0]) == Executable
                // Every path of this localnet lies below its own checkout.
                && commandLine.Any(word => word.StartsWith(localnet.Layout.Root, StringComparison.Ordinal))
                && (Argument.Length == 0 || commandLine.Contains(Argument));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return false;
        }
    }

    private static bool Kill(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
