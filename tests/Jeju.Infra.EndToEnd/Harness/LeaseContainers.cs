using Jeju.Infra.Cli.Processes;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>What the Docker Engine has for the leases of a localnet.</summary>
internal sealed class LeaseContainers : IDisposable
{
    private readonly DockerEngine _docker = new(TimeProvider.System);
    private readonly string[] _filter;

    private LeaseContainers(string chainLabel) => _filter = [$"network.jeju.chain={chainLabel}"];

    /// <summary>The containers of a localnet that is up.</summary>
    public static async Task<LeaseContainers> OfAsync(LocalnetCheckout localnet)
    {
        string genesis = await localnet.CastAsync("block", "0", "--field", "hash");
        return new LeaseContainers($"31337-{genesis}");
    }

    /// <summary>The containers, by kind of service.</summary>
    public async Task<IReadOnlyDictionary<string, DockerContainerSummary>> ByKindAsync() =>
        (await _docker.ListContainersAsync(_filter, CancellationToken.None))
            .ToDictionary(container => container.Labels?["network.jeju.kind"] ?? string.Empty);

    /// <summary>How many containers, networks and volumes there are.</summary>
    public async Task<(int Containers, int Networks, int Volumes)> CountAsync() => (
        (await _docker.ListContainersAsync(_filter, CancellationToken.None)).Count,
        (await _docker.ListNetworksAsync(_filter, CancellationToken.None)).Count,
        (await _docker.ListVolumesAsync(_filter, CancellationToken.None)).Count);

    /// <summary>Kills a container as a crash would.</summary>
    public async Task KillAsync(string id) =>
        (await CommandRun.RunAsync(new ChildProcessStart("docker", "kill", id), CancellationToken.None)).Succeeded();

    public void Dispose() => _docker.Dispose();
}
