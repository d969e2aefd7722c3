using System.Diagnostics;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Images;
using Jeju.Infra.Marketplace.Probes;

namespace Jeju.Infra.Bench;

/// <summary>
/// The floor: what a plain script would do. The same containers with the same networks, volumes, limits and ports, all started at once and asked
/// every 20 ms until they serve; no contract, no order, no payment.
/// </summary>
internal static class ContainerFloor
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts a chain where asked, and the containers of the kinds, and returns how long it took until all served.</summary>
    public static async Task<TimeSpan> MeasureAsync(BenchContext context, bool withChain, IReadOnlyList<string> kinds, CancellationToken cancellationToken)
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
            List<Task> all = [.. kinds.Select((kind, index) => ServeAsync(context, backend, ServiceCatalog.Find(kind), IdOf($"{folder}{index}"), cancellationToken))];
            if (withChain)
            {
                all.Add(AnvilProcess.StartAsync(chain, context.Time, cancellationToken));
            }

            await Task.WhenAll(all);
            return Stopwatch.GetElapsedTime(began);
        }
        finally
        {
            await backend.RemoveAllAsync(onlyOtherChains: false, CancellationToken.None);
            await AnvilProcess.ResetAsync(chain, context.Time, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ServeAsync(
        BenchContext context, DockerBackend backend, ServiceKind kind, Bytes32 orderId, CancellationToken cancellationToken)
    {
        WorkloadTemplate template = kind.Workload ?? throw new InvalidOperationException($"'{kind.Name}' runs in no container.");
        KindRequirement requirement = kind.RequirementFor(NetworkName.Localnet);
        Workload workload = await backend.EnsureAsync(new WorkloadRequest(orderId, kind, WorkloadLimits.Of(requirement), Pinned: null), cancellationToken);
        if (workload is not { Endpoint: { } endpoint, Credentials: { } credentials })
        {
            throw new InvalidOperationException($"'{kind.Name}' has no endpoint.");
        }

        IServiceProbe probe = ServiceProbes.For(template.Probe, context.Time);
        while ((await probe.ProbeAsync(endpoint, credentials, cancellationToken)).Outcome != ProbeOutcome.Serving)
        {
            await Task.Delay(PollInterval, context.Time, cancellationToken);
        }
    }

    private static Bytes32 IdOf(string text) => Bytes32.FromBytes(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
