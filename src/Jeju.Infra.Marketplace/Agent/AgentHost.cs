using System.Globalization;

using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Backends;
using Jeju.Infra.Marketplace.Images;

using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>Runs an agent as a process: one per folder, with status and metrics, connected to whatever chain its address serves.</summary>
public static class AgentHost
{
    /// <summary>
    /// Runs until cancelled; then the leases' workloads go on by themselves, and the next run takes them over. What it does is written to the
    /// process's output, one line each.
    /// </summary>
    /// <param name="settings">What the agent needs to know.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the agent in order.</param>
    /// <exception cref="InfraException">JEJU0631: another agent runs with this folder.</exception>
    public static async Task RunAsync(AgentSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = CreateLoggers();
        await RunAsync(settings, time, loggers, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loggers that write to the process's output, one line each.</summary>
    internal static ILoggerFactory CreateLoggers() => LoggerFactory.Create(builder => builder
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        }));

    /// <summary>Answers that it is well, and serves nobody, until cancelled: for an agent that has no provider node yet.</summary>
    internal static async Task StandByAsync(AgentSettings settings, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.StateFolder);
        AgentStatusServer status = await AgentStatusServer.StartAsync(settings, new AgentMetrics(), null, cancellationToken).ConfigureAwait(false);
        await using (status.ConfigureAwait(false))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal static async Task RunAsync(
        AgentSettings settings, TimeProvider time, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        ILogger logger = loggerFactory.CreateLogger("agent");
        Directory.CreateDirectory(settings.StateFolder);
        using FileStream single = TakeLock(settings);
        // An agent that was killed left its own; whoever reads it shall wait for ours.
        File.Delete(settings.StatusFile);
        await File.WriteAllTextAsync(
            settings.ProcessFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
        try
        {
            AgentMetrics metrics = new();
            metrics.Serves(time.GetUtcNow());
            ProviderAgent? agent = null;
            AgentStatusServer status = await AgentStatusServer
                .StartAsync(settings, metrics, () => Volatile.Read(ref agent)?.Leases ?? [], cancellationToken).ConfigureAwait(false);
            await using (status.ConfigureAwait(false))
            {
                while (!cancellationToken.IsCancellationRequested)
                {
                    await ServeOneChainAsync(
                        settings, time, metrics, logger, started => Volatile.Write(ref agent, started), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("stopped; the workloads go on");
        }
        finally
        {
            File.Delete(settings.ProcessFile);
        }
    }

    /// <summary>
    /// Removes every workload of a provider node on a chain id, for when the node is taken out of service and its leases are over on chain. No
    /// agent may run meanwhile.
    /// </summary>
    /// <param name="settings">The settings of the agent that ran them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the removal.</param>
    public static async Task RemoveWorkloadsAsync(AgentSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        using ClosableBackend backend = CreateBackend(settings, Bytes32.Zero, time);
        await backend.Backend.RemoveAllAsync(onlyOtherChains: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes sure that the machine of an agent can run a kind, above all that it has the image. Ask before ordering from this very machine: a
    /// kind whose image cannot be had is refused while nothing is paid yet.
    /// </summary>
    /// <param name="settings">The settings of the agent that would serve the order.</param>
    /// <param name="kind">The kind of service.</param>
    /// <param name="progress">Told about a pull or a build.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the pull or build.</param>
    /// <exception cref="InfraException">JEJU0610: the image cannot be had; JEJU0623: the kind has no workload; JEJU0601: no daemon.</exception>
    public static async Task RequireRunnableAsync(
        AgentSettings settings, ServiceKind kind, IProgress<string>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        if (settings.Backend == "null")
        {
            return;
        }

        if (settings is { Backend: "kubernetes", Kubernetes: { } cluster })
        {
            _ = KubernetesBackend.ImageOf(cluster, kind);
            return;
        }

        using DockerEngine docker = new(time, settings.DockerSocket);
        ImageStore images = new(docker, new RepositoryLayout(settings.RepositoryRoot, settings.CacheFolder), time);
        await images.EnsureAsync(DockerBackend.TemplateOf(kind).Image, progress, cancellationToken).ConfigureAwait(false);
    }

    private static FileStream TakeLock(AgentSettings settings)
    {
        try
        {
            // The operating system releases it when the process ends, however it ends.
            return new FileStream(settings.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException cause)
        {
            throw new InfraException(
                MarketplaceErrors.AgentRunsAlready,
                $"An agent runs already with the folder {settings.StateFolder}.",
                "Stop it first, or give this agent a folder of its own.",
                FailureKind.Refused,
                cause);
        }
    }

    private static async Task ServeOneChainAsync(
        AgentSettings settings,
        TimeProvider time,
        AgentMetrics metrics,
        ILogger logger,
        Action<ProviderAgent> started,
        CancellationToken cancellationToken)
    {
        IProviderNodeChain chain = await ConnectAsync(settings, time, logger, cancellationToken).ConfigureAwait(false);
        await using (chain.ConfigureAwait(false))
        {
            using ClosableBackend backend = CreateBackend(settings, chain.Genesis, time);
            if (chain.Chain == ChainId.Anvil)
            {
                await RemoveEarlierChainsAsync(backend.Backend, logger, cancellationToken).ConfigureAwait(false);
            }

            ProviderAgent agent = new(settings, chain, backend.Backend, time, metrics, logger);
            started(agent);
            try
            {
                logger.LogInformation("serving node {NodeId} on chain {Chain}", settings.NodeId, chain.Chain);
                await agent.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException replaced) when (replaced.Code == ChainErrors.ReplacedChainCode)
            {
                logger.LogWarning("{Failure}", replaced.ToDisplayText());
            }
        }
    }

    /// <summary>A reset localnet begins with a new genesis: what ran for the old one has no order any more, and nobody ever pays for it.</summary>
    private static async Task RemoveEarlierChainsAsync(IComputeBackend backend, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await backend.RemoveAllAsync(onlyOtherChains: true, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException failure)
        {
            logger.LogWarning("the workloads of an earlier chain cannot be removed: {Failure}", failure.ToDisplayText());
        }
    }

    private static async Task<IProviderNodeChain> ConnectAsync(
        AgentSettings settings, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        for (int failures = 1; ; failures++)
        {
            try
            {
                return await ProviderNodeChain.ConnectAsync(settings, time, cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException failure) when (failure.Code == ChainErrors.UnreachableCode || failure.Code == ChainErrors.WrongChainCode)
            {
                // The containers go on meanwhile, and Docker restarts those that crash.
                logger.LogWarning("no chain: {Failure}", failure.ToDisplayText());
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(failures, settings.ResyncSeconds)), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static ClosableBackend CreateBackend(AgentSettings settings, Bytes32 genesis, TimeProvider time)
    {
        if (settings.Backend == "null")
        {
            return new ClosableBackend(new NullBackend(), []);
        }

        BackendScope scope = new(settings.NodeId.ToString(), settings.ChainId, genesis, settings.StateFolder);
        if (settings is { Backend: "kubernetes", Kubernetes: { } cluster })
        {
            KubernetesBackend kubernetes = new(cluster, scope, time);
            return new ClosableBackend(kubernetes, [kubernetes]);
        }

        DockerEngine docker = new(time, settings.DockerSocket);
        ImageStore images = new(docker, new RepositoryLayout(settings.RepositoryRoot, settings.CacheFolder), time);
        DockerBackend backend = new(docker, images, scope, settings.ToDockerOptions(), time);
        return new ClosableBackend(backend, [backend, docker]);
    }

    private sealed record ClosableBackend(IComputeBackend Backend, IReadOnlyList<IDisposable> Parts) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable part in Parts)
            {
                part.Dispose();
            }
        }
    }
}
