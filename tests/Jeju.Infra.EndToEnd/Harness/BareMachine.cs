using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>
/// This machine as a bare one: a namespace of mounts, processes and networks in which programs are hidden, nothing listens in <c>/run</c>, and apt,
/// which is the real one, knows no installed package and no source but its own. Nothing outside notices (a Docker Engine without a bridge removes the
/// one that it finds), and no process in it outlives its command.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BareMachine : IDisposable
{
    private const string Entrance = """
        machine=$1 hidden=$2; shift 2
        ip link set lo up
        mount -t tmpfs jeju-test /run
        engine=$(command -v dockerd || echo /usr/sbin/dockerd)
        if [ -x "$engine" ]; then mount --bind "$engine" "$machine/engine"; fi
        for folder in $(echo "$PATH" | tr : ' '); do ln -s -t "$machine/bin" "$folder"/* 2> /dev/null || true; done
        for program in $hidden; do
          rm -f "$machine/bin/$program"
          for folder in /usr/sbin /sbin; do
            if [ -x "$folder/$program" ]; then mount --bind /dev/null "$folder/$program"; fi
          done
        done
        PATH=$machine/bin:/usr/local/sbin
        mount --bind "$machine/sbin" /usr/local/sbin
        mount --bind "$machine/dpkg" /var/lib/dpkg
        mount --bind "$machine/lists" /var/lib/apt/lists
        mount --bind "$machine/cache" /var/cache/apt
        mount --bind "$machine/apt" /etc/apt
        exec "$@"
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-bare-").FullName;
    private readonly string[] _hidden;

    /// <param name="hidden">The programs that are not there.</param>
    public BareMachine(params string[] hidden)
    {
        _hidden = hidden;
        foreach (string folder in new[]
        {
            "bin", "sbin", "dpkg/info", "dpkg/updates", "lists/partial", "cache/archives/partial", "apt/apt.conf.d", "apt/preferences.d", "apt/sources.list.d",
            "apt/trusted.gpg.d", "packages", "docker", "docker-run",
        })
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        }

        File.WriteAllText(Path.Combine(_folder, "engine"), string.Empty);
        File.WriteAllText(Path.Combine(_folder, "dpkg", "status"), string.Empty);
        // The folder is nobody else's; as another user apt could not read its packages.
        File.WriteAllText(Path.Combine(_folder, "apt", "apt.conf"), "APT::Sandbox::User \"root\";\nAcquire::Retries \"0\";\n");
    }

    /// <summary>The file that apt locks while it reads its sources.</summary>
    public string ListsLock => Path.Combine(_folder, "lists", "lock");

    /// <summary>A program that starts this machine's own Docker Engine beside the host's: with folders of its own, and without touching the network.</summary>
    public string Engine => $"""
        #!/bin/sh
        exec {_folder}/engine --data-root {_folder}/docker --exec-root {_folder}/docker-run --storage-driver vfs --bridge none \
          --iptables=false --ip-masq=false --ip-forward=false "$@"
        """;

    /// <summary>Names a source that nothing answers for.</summary>
    public void AddUnreachableSource() =>
        File.AppendAllText(Path.Combine(_folder, "apt", "sources.list"), "deb [trusted=yes] http://127.0.0.1:1/debian stable main\n");

    /// <summary>Adds a package to this machine's source.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="programs">The programs it brings, by name.</param>
    public async Task AddPackageAsync(string name, params (string Name, string Text)[] programs)
    {
        string content = Path.Combine(_folder, "packages", name);
        string control = $"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: the tests <tests@example.org>\nDescription: stands for {name}\n";
        Directory.CreateDirectory(Path.Combine(content, "DEBIAN"));
        await File.WriteAllTextAsync(Path.Combine(content, "DEBIAN", "control"), control);
        foreach ((string program, string text) in programs)
        {
            string file = Path.Combine(content, "usr", "local", "sbin", program);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        string package = $"{content}.deb";
        (await CommandRun.RunAsync(new ChildProcessStart("dpkg-deb", "--build", "-Znone", content, package), CancellationToken.None)).Succeeded();
        byte[] bytes = await File.ReadAllBytesAsync(package);
        string entry = string.Create(
            CultureInfo.InvariantCulture,
            $"{control}Filename: ./{name}.deb\nSize: {bytes.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(bytes))}\n\n");
        await File.AppendAllTextAsync(Path.Combine(_folder, "packages", "Packages"), entry);
        await File.WriteAllTextAsync(Path.Combine(_folder, "apt", "sources.list"), $"deb [trusted=yes] file:{_folder}/packages ./\n");
    }

    /// <summary>Runs lines of a shell in the root of a checkout on this machine.</summary>
    /// <param name="localnet">The checkout.</param>
    /// <param name="script">The lines; the first that fails ends them.</param>
    /// <param name="onError">Is told each line of standard error as it comes.</param>
    public async Task<CommandRun> RunAsync(LocalnetCheckout localnet, string script, Action<string>? onError = null)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(3));
        ChildProcessStart start = new(
            "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-e", "-c", Entrance, "sh", _folder, string.Join(' ', _hidden), "sh", "-e", "-c", script)
        {
            WorkingFolder = localnet.Layout.Root,
            Environment = localnet.Environment,
        };
        return await CommandRun.RunAsync(start, deadline.Token, onError);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>A test on a <see cref="BareMachine"/>; where there can be none, it is skipped with the reason.</summary>
internal sealed class BareMachineFactAttribute : FactAttribute
{
    /// <summary>Why there can be no such machine here; null where there can.</summary>
    private static readonly string? WhyNot = Look();

    public BareMachineFactAttribute() => Skip = WhyNot;

    private static string? Look()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "only root on Linux can hide what is installed";
        }

        string? path = Environment.GetEnvironmentVariable("PATH");
        string[] missing = [.. new[] { "unshare", "ip", "apt-get", "dpkg-deb", "dockerd" }.Where(program => ChildProcess.Find(program, path) is null)];
        if (missing.Length > 0)
        {
            return $"there is no {string.Join(", no ", missing)} here";
        }

        StringBuilder said = new();
        // An attribute cannot wait; the program does nothing.
        int exitCode = ChildProcess.RunAsync(
            new ChildProcessStart("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "mount", "-t", "tmpfs", "jeju-test", "/run"),
            line => said.Append(line), CancellationToken.None).GetAwaiter().GetResult();
        return exitCode == 0 ? null : $"this machine allows no mounts of its own: {said}";
    }
}
