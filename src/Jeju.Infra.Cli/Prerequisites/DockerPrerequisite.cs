using System.Globalization;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Cli.Prerequisites;

/// <summary>The Docker Engine of this host: asks it, and brings it where that is possible.</summary>
internal sealed class DockerPrerequisite(CommandContext context)
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private const string PidFile = "/var/run/docker.pid";

    /// <summary>The engine's socket.</summary>
    public string SocketPath => DockerEngine.ResolveSocketPath(context.ReadEnvironment("DOCKER_HOST"));

    /// <summary>Asks the engine for its version.</summary>
    /// <returns>Null where it answers; else why not.</returns>
    public async Task<string?> WhyNotAsync(CancellationToken cancellationToken)
    {
        using DockerEngine engine = new(context.Time, SocketPath, AnswerDeadline);
        try
        {
            await engine.VersionAsync(cancellationToken);
            return null;
        }
        catch (InfraException error)
        {
            return error.Message;
        }
    }

    /// <summary>Makes sure that the engine answers: installs it and starts it where that is possible.</summary>
    /// <exception cref="InfraException">JEJU0812: it does not answer, with what to do; JEJU0813: it could not be installed.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        string? reason = await WhyNotAsync(cancellationToken);
        if (reason is null)
        {
            return;
        }

        if (SocketPath != DockerEngine.DefaultSocketPath)
        {
            throw CliErrors.DockerDoesNotAnswer(
                reason, "DOCKER_HOST names that socket: start the engine that listens there, or unset DOCKER_HOST, then run the command again.");
        }

        string? daemon = FindDaemon();
        if (daemon is null)
        {
            DebianPackages packages = new(context);
            if (!packages.CanInstall)
            {
                throw CliErrors.DockerDoesNotAnswer(
                    reason,
                    $"Install the Docker Engine (Debian, Ubuntu: apt-get install {string.Join(' ', EnginePackages())}; others: https://docs.docker.com/engine/install), "
                    + "start it, let your user reach its socket (usermod -aG docker $USER, then log in anew), and run the command again. As root on Debian or Ubuntu, the command does all that itself.");
            }

            await packages.InstallAsync(EnginePackages(), cancellationToken);
            if (await WhyNotAsync(cancellationToken) is null)
            {
                return;
            }

            daemon = FindDaemon()
                ?? throw CliErrors.DockerDoesNotAnswer("It was installed, but there is no dockerd in PATH.", "Start the Docker Engine by hand, then run the command again.");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw CliErrors.DockerDoesNotAnswer(
                reason,
                "Start it (systemctl start docker) and let your user reach its socket (usermod -aG docker $USER, then log in anew), then run the command again.");
        }

        context.Say("jeju: starting the Docker Engine");
        await (IsSystemdHere ? StartUnitAsync(cancellationToken) : StartAsync(daemon, cancellationToken));
    }

    // The directory's presence is what systemd itself gives as the sign (sd_booted).
    private static bool IsSystemdHere => Directory.Exists("/run/systemd/system");

    private static bool HasControlGroups => Directory.Exists("/sys/fs/cgroup/memory") || File.Exists("/sys/fs/cgroup/cgroup.controllers");

    /// <summary>Images are pulled with the certificates of the second; where nothing has mounted the control groups, the third does.</summary>
    private static string[] EnginePackages() =>
        ["docker.io", "ca-certificates", .. IsSystemdHere || HasControlGroups ? Array.Empty<string>() : ["cgroupfs-mount"]];

    private string? FindDaemon() => ChildProcess.Find("dockerd", context.ReadEnvironment("PATH"));

    /// <summary>A second engine beside the one that systemd keeps would take its place until the next start of the machine.</summary>
    private async Task StartUnitAsync(CancellationToken cancellationToken)
    {
        (int exitCode, string text) = await ChildProcess.CaptureAsync(new ChildProcessStart("systemctl", "start", "docker"), cancellationToken);
        if (exitCode != 0)
        {
            throw CliErrors.DockerDoesNotAnswer(
                $"systemctl could not start it: {text.ReplaceLineEndings(" ").Trim()}", "journalctl -u docker says why. Mend that, then run the command again.");
        }

        await AwaitAnswerAsync(() => null, "journalctl -u docker says why.", cancellationToken);
    }

    private async Task StartAsync(string daemon, CancellationToken cancellationToken)
    {
        string log = Path.Combine(context.Layout.StateFolder, "dockerd.log");
        Directory.CreateDirectory(context.Layout.StateFolder);
        if (!HasControlGroups && ChildProcess.Find("cgroupfs-mount", context.ReadEnvironment("PATH")) is string mount)
        {
            // Where it cannot mount them, the engine's own log says what that means.
            await ChildProcess.RunAsync(new ChildProcessStart(mount), context.Say, cancellationToken);
        }

        // A session of its own: the engine must survive this process and the terminal's Ctrl-C.
        int process = DetachedProcess.Start(daemon, [], log);
        await AwaitAnswerAsync(
            () => DetachedProcess.IsRunning(process) || IsAnotherStarting() ? null : $"dockerd ended at once: {File.ReadLines(log).LastOrDefault()}",
            $"Its log says more: {log}. Mend that, then run the command again.",
            cancellationToken);
    }

    /// <summary>The package's own start may be on its way, in which case ours gives up.</summary>
    private static bool IsAnotherStarting() =>
        File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out int process) && DetachedProcess.IsRunning(process);

    /// <param name="whyGivenUp">Says why no answer will come; null while one may.</param>
    /// <param name="remedy">Where a person learns more.</param>
    /// <param name="cancellationToken">Ends the wait, not the engine.</param>
    private async Task AwaitAnswerAsync(Func<string?> whyGivenUp, string remedy, CancellationToken cancellationToken)
    {
        long started = context.Time.GetTimestamp();
        while (await WhyNotAsync(cancellationToken) is string reason)
        {
            if (whyGivenUp() is string ended && await WhyNotAsync(cancellationToken) is not null)
            {
                throw CliErrors.DockerDoesNotAnswer(ended, remedy);
            }

            if (context.Time.GetElapsedTime(started) > StartDeadline)
            {
                throw CliErrors.DockerDoesNotAnswer($"{reason} It was started {StartDeadline.TotalSeconds} s ago.", remedy);
            }

            await Task.Delay(PollInterval, context.Time, cancellationToken);
        }
    }
}
