using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>A file system in memory, of a size that is given in the kernel's words (<c>48k</c>).</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<SmallDisk> MountAsync(string size)
    {
        SmallDisk disk = new(Directory.CreateTempSubdirectory("jeju-disk-").FullName);
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "jeju-test", disk.Folder);
        return disk;
    }

    public Task ResizeAsync(string size) => RunAsync("mount", "-o", $"remount,size={size}", Folder);

    public async ValueTask DisposeAsync()
    {
        // A process that was killed a moment ago may still hold a file for as long as the kernel takes to bury it.
        await Eventually.IsTrueAsync("the disk is free", TimeSpan.FromSeconds(20), async () =>
            (await CommandRun.RunAsync(new ChildProcessStart("umount", Folder), CancellationToken.None)).ExitCode == 0);
        Directory.Delete(Folder);
    }

    private static async Task RunAsync(string program, params string[] arguments) =>
        (await CommandRun.RunAsync(new ChildProcessStart(program, arguments), CancellationToken.None)).Succeeded();
}

/// <summary>A test that mounts a file system: it needs Docker, and root on Linux.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = DockerFactAttribute.WhyNot
        ?? (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "only root on Linux can mount a file system of its own");
}
