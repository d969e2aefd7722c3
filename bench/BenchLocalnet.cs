using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Jeju.Infra.Core;

namespace Jeju.Infra.Bench;

/// <summary>A hard-linked copy of the built checkout with its own state and chain port, so that a measurement disturbs no localnet in use.</summary>
internal sealed class BenchLocalnet : IAsyncDisposable
{
    private static readonly string[] Parts =
    [
        "jeju", "Pulumi.yaml", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig",
        "BannedSymbols.txt", "stacks", "images", "contracts", ".jeju/packages.props", ".jeju/build",
        "artifacts/bin/Jeju.Infra.Cli", "artifacts/bin/Jeju.Infra.Provider", "artifacts/bin/Jeju.Infra.Stacks", "src/Jeju.Infra.Provider/pulumi-resource-jeju",
    ];

    private BenchLocalnet(string root, int port)
    {
        Layout = new RepositoryLayout(root);
        Port = port;
    }

    public RepositoryLayout Layout { get; }

    public int Port { get; }

    public static async Task<BenchLocalnet> CreateAsync(BenchContext context, string services, CancellationToken cancellationToken)
    {
        string root = Path.Combine(context.Layout.StateFolder, "bench", Path.GetRandomFileName());
        Directory.CreateDirectory(root);
        await RunAsync(context.Layout.Root, "cp", ["-al", "--parents", .. Parts, root], cancellationToken);
        BenchLocalnet localnet = new(root, FreePort());
        await localnet.WriteServicesAsync(services, cancellationToken);
        return localnet;
    }

    /// <summary>Sets the services that the stack orders.</summary>
    public async Task WriteServicesAsync(string services, CancellationToken cancellationToken)
    {
        string file = Layout.StackSettingsFile("localnet");
        // A hard link to the checkout's own settings: it must be replaced, not written.
        File.Delete(file);
        await File.WriteAllTextAsync(
            file,
            string.Create(CultureInfo.InvariantCulture, $"config:\n  jeju-infra:chainPort: {Port}\n  jeju-infra:services: {services}\n"),
            cancellationToken);
    }

    /// <summary>Runs the script and returns how long it took, with what it said.</summary>
    public Task<(TimeSpan Elapsed, string Talk, string Output)> JejuAsync(CancellationToken cancellationToken, params string[] arguments) =>
        RunAsync(Layout.Root, Path.Combine(Layout.Root, "jeju"), arguments, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await JejuAsync(CancellationToken.None, "localnet", "reset");
        Directory.Delete(Layout.Root, recursive: true);
    }

    /// <summary>A port that nothing uses.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program in a folder and returns how long it took, with what it said.</summary>
    public static async Task<(TimeSpan Elapsed, string Talk, string Output)> RunAsync(
        string folder, string program, string[] arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Remove("JEJU_ROOT");
        start.Environment.Remove("JEJU_HOME");
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        string talk = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        return process.ExitCode == 0 ? (elapsed, talk, await output) : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {talk}");
    }
}
