using System.Diagnostics;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Images;

namespace Jeju.Infra.Bench;

/// <summary>
/// The floor: what a plain script would do. The same containers with the same networks, volumes, limits and ports, all started at once and asked
/// every 20 ms until they serve; no contract, no order, no payment.
/// </summary>
internal static class ContainerFloor
{
    /// <summary>Starts a chain where asked, and the containers of the kinds, and returns how long it took until all served.</summary>
    public static Task<TimeSpan> MeasureAsync(BenchContext context, bool withChain, IReadOnlyList<string> kinds, CancellationToken cancellationToken) =>
        MeasureAsync(context, withChain, kinds, async (_, began, serving) =>
        {
            await serving;
            return Stopwatch.GetElapsedTime(began);
        }, cancellationToken);

    /// <summary>Starts a container of the kind, kills it once it serves, starts it again, and returns how long it took from the kill until it served again.</summary>
    public static Task<TimeSpan> MeasureRestartAsync(BenchContext context, string kind, CancellationToken cancellationToken) =>
        MeasureAsync(context, withChain: false, [kind], async (docker, _, serving) =>
        {
            ServedContainer container = (await serving)[0];
            long began = Stopwatch.GetTimestamp();
            string name = await container.KillAsync(docker, cancellationToken);
            await docker.StartContainerAsync(name, cancellationToken);
            await container.WaitAsync(context.Time, cancellationToken);
            return Stopwatch.GetElapsedTime(began);
        }, cancellationToken);

    private static async Task<TimeSpan> MeasureAsync(
        BenchContext context,
        bool withChain,
        IReadOnlyList<string> kinds,
        Func<DockerEngine, long, Task<ServedContainer[]>, Task<TimeSpan>> measure,
        CancellationToken cancellationToken)
    {
        string folder = Path.Combine(context.Layout.StateFolder, "bench", Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        LocalChainSettings chain = new(Path.Combine(folder, "chain"), BenchLocalnet.FreePort(), context.Layout.FoundryTool("anvil"), KeeperExecutable: null);
        using DockerEngine docker = new(context.Time);
        BackendScope scope = new("bench", ChainId.Anvil, IdOf(folder), folder);
        using DockerBackend backend = new(docker, new ImageStore(docker, context.Layout, context.Time), scope, new DockerBackendOptions(), context.Time);
        foreach (string kind in kinds)
        {
            await backend.PrepareAsync(ServiceCatalog.Find(kind), cancellationToken);
        }

        try
        {
            long began = Stopwatch.GetTimestamp();
            Task<ServedContainer[]> serving = Task.WhenAll(kinds.Select((kind, index) => ServeAsync(context, backend, ServiceCatalog.Find(kind), IdOf($"{folder}{index}"), cancellationToken)));
            if (withChain)
            {
                await Task.WhenAll(serving, AnvilProcess.StartAsync(chain, context.Time, cancellationToken));
            }

            return await measure(docker, began, serving);
        }
        finally
        {
            await backend.RemoveAllAsync(onlyOtherChains: false, CancellationToken.None);
            await AnvilProcess.ResetAsync(chain, context.Time, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ServedContainer> ServeAsync(
        BenchContext context, DockerBackend backend, ServiceKind kind, Bytes32 orderId, CancellationToken cancellationToken)
    {
        KindRequirement requirement = kind.RequirementFor(NetworkName.Localnet);
        Workload workload = await backend.EnsureAsync(new WorkloadRequest(orderId, kind, WorkloadLimits.Of(requirement), Pinned: null), cancellationToken);
        ServedContainer container = workload is { Endpoint: { } endpoint, Credentials: { } credentials }
            ? new ServedContainer(kind, endpoint, credentials)
            : throw new InvalidOperationException($"'{kind.Name}' has no endpoint.");
        await container.WaitAsync(context.Time, cancellationToken);
        return container;
    }

    private static Bytes32 IdOf(string text) => Bytes32.FromBytes(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
