using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Prerequisites;

/// <summary>Installs packages where that is possible without asking anybody: as root on Debian or Ubuntu.</summary>
internal sealed class DebianPackages(CommandContext context)
{
    /// <summary>Whether packages can be installed here.</summary>
    public bool CanInstall =>
        Environment.IsPrivilegedProcess && ChildProcess.Find("apt-get", context.ReadEnvironment("PATH")) is not null;

    /// <summary>Installs packages from the configured Debian sources.</summary>
    /// <exception cref="Jeju.Infra.Core.InfraException">JEJU0813: apt-get failed.</exception>
    public async Task InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        string names = string.Join(' ', packages);
        context.Say($"jeju: installing {names}");
        string log = Path.Combine(context.Layout.StateFolder, "apt.log");
        Directory.CreateDirectory(context.Layout.StateFolder);
        await using StreamWriter writer = new(log);
        foreach (string[] arguments in new string[][] { ["update", "-q"], ["install", "-qy", "--no-install-recommends", .. packages] })
        {
            ChildProcessStart start = new("apt-get", arguments)
            {
                Environment = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" },
            };
            // Another run of apt-get holds a lock; a minute is what the unattended upgrades of a fresh machine take at most.
            start = start with { Arguments = ["-o", "DPkg::Lock::Timeout=60", .. start.Arguments] };
            if (await ChildProcess.RunAsync(start, writer.WriteLine, cancellationToken) != 0)
            {
                throw CliErrors.InstallFailed(names, log);
            }
        }
    }
}
