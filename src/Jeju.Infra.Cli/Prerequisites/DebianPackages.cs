using System.Diagnostics.CodeAnalysis;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Prerequisites;

/// <summary>Installs packages where that is possible without asking anybody: as root on Debian or Ubuntu.</summary>
internal sealed class DebianPackages(CommandContext context)
{
    // The unattended upgrades of a machine that was just made take minutes; apt's own patience does not reach to the lists' lock.
    private static readonly TimeSpan LockDeadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(500);

    private static readonly Dictionary<string, string?> AptEnvironment = new() { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C" };

    /// <summary>Whether packages can be installed here.</summary>
    public bool CanInstall =>
        Environment.IsPrivilegedProcess && ChildProcess.Find("apt-get", context.ReadEnvironment("PATH")) is not null;

    /// <summary>Installs packages from the configured sources; waits while another run of apt holds its locks.</summary>
    /// <exception cref="InfraException">JEJU0813: apt-get failed, with what it said.</exception>
    public async Task InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        string names = string.Join(' ', packages);
        context.Say($"jeju: installing {names}");
        string log = Path.Combine(context.Layout.StateFolder, "apt.log");
        Directory.CreateDirectory(context.Layout.StateFolder);
        await using StreamWriter writer = new(log);

        // One source that does not answer need not be the one that has them: whether the lists will do is for the installation to say.
        AptRun update = await RunAsync(["update", "-q"], writer, cancellationToken);
        string[] install = ["install", "-qy", "--no-install-recommends", .. packages];
        AptRun run = await RunAsync(install, writer, cancellationToken);
        if (run.Complaints.Exists(complaint => complaint.Contains("dpkg was interrupted", StringComparison.Ordinal)))
        {
            // A run that was killed left packages half configured; this is what apt asks for, and it continues where that run stopped.
            await ChildProcess.RunAsync(
                new ChildProcessStart("dpkg", "--configure", "-a") { Environment = AptEnvironment }, writer.WriteLine, CancellationToken.None);
            run = await RunAsync(install, writer, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (run.ExitCode != 0)
        {
            throw CliErrors.InstallFailed(names, [.. run.Complaints.Take(2), .. update.Complaints.Take(2)], log);
        }
    }

    private async Task<AptRun> RunAsync(string[] arguments, StreamWriter log, CancellationToken cancellationToken)
    {
        long started = context.Time.GetTimestamp();
        string? said = null;
        while (true)
        {
            List<string> complaints = [];
            // Not cancelled in the middle: a package that is killed while it unpacks is half there. An interrupt of the terminal reaches apt itself,
            // which knows when it may stop.
            int exitCode = await ChildProcess.RunAsync(
                new ChildProcessStart("apt-get", arguments) { Environment = AptEnvironment },
                line =>
                {
                    log.WriteLine(line);
                    if (IsComplaint(line, out string? complaint))
                    {
                        complaints.Add(complaint);
                    }
                },
                CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            string? taken = exitCode == 0 ? null : complaints.Find(complaint => complaint.StartsWith("Could not get lock", StringComparison.Ordinal));
            if (taken is null || context.Time.GetElapsedTime(started) > LockDeadline)
            {
                return new AptRun(exitCode, complaints);
            }

            if (said != taken)
            {
                context.Say($"jeju: another run of apt is at work; waiting for it. {taken}");
                said = taken;
            }

            await Task.Delay(LockPollInterval, context.Time, cancellationToken);
        }
    }

    private static bool IsComplaint(string line, [NotNullWhen(true)] out string? complaint)
    {
        complaint = line.StartsWith("E: ", StringComparison.Ordinal) || line.StartsWith("W: Failed to fetch", StringComparison.Ordinal) ? line[3..].Trim() : null;
        return complaint is not null;
    }

    private sealed record AptRun(int ExitCode, List<string> Complaints);
}
