using System.Diagnostics;
using System.Globalization;
using System.Net;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>A real image registry (Debian's docker-registry) on a free port of this machine, with its images in a folder of one test.</summary>
internal sealed class LocalRegistry : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private LocalRegistry(string folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>Host and port, as they stand before an image's name.</summary>
    public string Address { get; }

    public static async Task<LocalRegistry> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("jeju-registry-").FullName;
        int port = LoopbackPort.Next();
        string configuration = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{folder}}/images } }
            http: { addr: "127.0.0.1:{{port}}" }

            """));
        Process process = Process.Start(new ProcessStartInfo(RegistryFactAttribute.Program!, ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        LocalRegistry registry = new(folder, process, port);
        using HttpClient http = new();
        await Eventually.IsTrueAsync("the registry answers", TimeSpan.FromSeconds(20), async () =>
        {
            Assert.False(process.HasExited, "the registry ended");
            try
            {
                return (await http.GetAsync(new Uri($"http://{registry.Address}/v2/"))).StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return registry;
    }

    /// <summary>Gives an image of the daemon a name in this registry, and pushes it. The daemon then has it under that name no more.</summary>
    public async Task PushAsync(string image, string reference)
    {
        await DockerAsync("tag", image, reference);
        await DockerAsync("push", "--quiet", reference);
        await DockerAsync("rmi", reference);
    }

    public static async Task DockerAsync(params string[] arguments)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));
        (await CommandRun.RunAsync(new ChildProcessStart("docker", arguments), deadline.Token)).Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
