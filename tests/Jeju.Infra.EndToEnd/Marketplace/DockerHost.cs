using System.Security.Cryptography;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.EndToEnd.Harness;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Images;
using Jeju.Infra.Marketplace.Probes;

using Xunit;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>
/// This machine's Docker, with a provider name that no other run has. What a test made is removed at the end, whatever happened.
/// </summary>
internal sealed class DockerHost : IAsyncDisposable
{
    public DockerHost()
    {
        Engine = new DockerEngine(
            TimeProvider.System, DockerEngine.ResolveSocketPath(Environment.GetEnvironmentVariable("DOCKER_HOST")));
        Images = new ImageStore(Engine, JejuScript.Layout, TimeProvider.System);
        Scope = new BackendScope($"test-{RandomNumberGenerator.GetHexString(16, lowercase: true)}", ChainId.Anvil, Bytes32.FromName("genesis"), Path.GetTempPath());
        Backend = NewBackend();
    }

    public DockerEngine Engine { get; }

    public ImageStore Images { get; }

    public BackendScope Scope { get; }

    public DockerBackend Backend { get; }

    /// <summary>The same provider node after a restart of its agent.</summary>
    public DockerBackend NewBackend(bool speaksTls = false) => new(Engine, Images, Scope, new DockerBackendOptions { SpeaksTls = speaksTls }, TimeProvider.System);

    public static Bytes32 NewOrder() => Bytes32.FromBytes(RandomNumberGenerator.GetBytes(Bytes32.Length));

    public static WorkloadRequest Request(string kind, Bytes32 orderId, ServiceEndpoint? pinned = null)
    {
        ServiceKind found = ServiceCatalog.Find(kind);
        return new WorkloadRequest(orderId, found, WorkloadLimits.Of(found.RequirementFor(NetworkName.Localnet)), pinned);
    }

    /// <summary>Asks the workload by its protocol until it serves.</summary>
    public static async Task WaitUntilServingAsync(Workload workload)
    {
        IServiceProbe probe = ServiceProbes.For(ServiceCatalog.Find(workload.KindName).Workload!.Probe, TimeProvider.System);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        ProbeResult result;
        do
        {
            result = await probe.ProbeAsync(workload.Endpoint!, workload.Credentials!, deadline.Token);
            if (result.Outcome != ProbeOutcome.Serving)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, deadline.Token);
            }
        }
        while (result.Outcome != ProbeOutcome.Serving);
    }

    /// <summary>The names of everything that carries this run's provider label.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync()
    {
        string[] filter = [$"network.jeju.provider={Scope.Provider}"];
        IEnumerable<string> containers = (await Engine.ListContainersAsync(filter, default)).Select(container => $"container {container.Names[0]}");
        IEnumerable<string> networks = (await Engine.ListNetworksAsync(filter, default)).Select(network => $"network {network.Name}");
        IEnumerable<string> volumes = (await Engine.ListVolumesAsync(filter, default)).Select(volume => $"volume {volume.Name}");
        return [.. containers, .. networks, .. volumes];
    }

    /// <summary>Kills the process of a lease's container, as a crash of the machine would.</summary>
    public async Task KillAsync(Bytes32 orderId)
    {
        DockerContainerSummary container = Assert.Single(await Engine.ListContainersAsync([$"network.jeju.lease={orderId}"], default));
        Assert.True(await Engine.KillContainerAsync(container.Id, default));
    }

    public async ValueTask DisposeAsync()
    {
        await Backend.RemoveAllAsync(onlyOtherChains: false, CancellationToken.None);
        Backend.Dispose();
        Engine.Dispose();
    }
}
