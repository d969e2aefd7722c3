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
    /// <exception cref="InfraException">JEJU0812: it does not answer, with what to do.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        string? reason = await WhyNotAsync(cancellationToken);
        if (reason is null)
        {
            return;
        }

        DebianPackages packages = new(context);
        string? daemon = FindDaemon();
        if (daemon is null && packages.CanInstall)
        {
            // The second mounts the control groups where no systemd does.
            await packages.InstallAsync(["docker.io", "cgroupfs-mount"], cancellationToken);
            if (await WhyNotAsync(cancellationToken) is null)
            {
                return;
            }

            daemon = FindDaemon();
        }

        if (daemon is null)
        {
            throw CliErrors.DockerDoesNotAnswer(reason, "Install the Docker Engine (Debian, Ubuntu: apt-get install docker.io) and start it, then run the command again.");
        }

        if (!Environment.IsPrivilegedProcess || SocketPath != DockerEngine.DefaultSocketPath)
        {
            throw CliErrors.DockerDoesNotAnswer(
                reason, "Start it (systemctl start docker) and let your user reach its socket (usermod -aG docker $USER), then run the command again.");
        }

        await StartAsync(daemon, cancellationToken);
    }

    private string? FindDaemon() => ChildProcess.Find("dockerd", context.ReadEnvironment("PATH"));

    private async Task StartAsync(string daemon, CancellationToken cancellationToken)
    {
        context.Say("jeju: starting the Docker Engine");
        string log = Path.Combine(context.Layout.StateFolder, "dockerd.log");
        Directory.CreateDirectory(context.Layout.StateFolder);

        if (!Directory.Exists("/sys/fs/cgroup/memory") && !File.Exists("/sys/fs/cgroup/cgroup.controllers")
            && ChildProcess.Find("cgroupfs-mount", context.ReadEnvironment("PATH")) is string mount)
        {
            // Where it cannot mount them, the engine's own log says what that means.
            await ChildProcess.RunAsync(new ChildProcessStart(mount), context.Say, cancellationToken);
        }

        // A session of its own: the engine must survive this process and the terminal's Ctrl-C.
        await ChildProcess.RunAsync(
            new ChildProcessStart("/bin/sh", "-c", "setsid \"$1\" > \"$2\" 2>&1 < /dev/null &", "sh", daemon, log), _ => { }, cancellationToken);
        long started = context.Time.GetTimestamp();
        while (await WhyNotAsync(cancellationToken) is string reason)
        {
            if (context.Time.GetElapsedTime(started) > StartDeadline)
            {
                throw CliErrors.DockerDoesNotAnswer($"{reason} It was started {StartDeadline.TotalSeconds} s ago.", $"Its log says why: {log}.");
            }

            await Task.Delay(PollInterval, context.Time, cancellationToken);
        }
    }
}
