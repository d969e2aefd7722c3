using Jeju.Infra.Marketplace.Backends;

using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>What all parts of an agent share.</summary>
internal sealed record AgentContext(
    AgentSettings Settings,
    IProviderNodeChain Chain,
    IComputeBackend Backend,
    TimeProvider Time,
    AgentMetrics Metrics,
    ILogger Logger)
{
    /// <summary>How long a backend may take for one step of one lease before it counts as stuck.</summary>
    public static readonly TimeSpan StepDeadline = TimeSpan.FromMinutes(2);

    /// <summary>How long the common preparation of a kind may take: a pull over a slow line.</summary>
    public static readonly TimeSpan PrepareDeadline = TimeSpan.FromMinutes(20);

    /// <summary>Bounds how many workloads are started at the same time.</summary>
    public SemaphoreSlim StartSlots { get; } = new(Settings.Parallelism, Settings.Parallelism);

    /// <summary>Asks for a new comparison of chain and backend.</summary>
    public required Action RequestReconcile { get; init; }

    /// <summary>Runs a step with a deadline. A step that exceeds it is cancelled and fails, so that it holds nobody up for ever.</summary>
    public async Task<T> WithinAsync<T>(TimeSpan deadline, string purpose, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(deadline, Time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await step(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new Core.InfraException(
                MarketplaceErrors.WorkloadFailed,
                $"It took longer than {deadline.TotalSeconds:0} s to {purpose}.",
                "The agent tries again; look at the load of this machine and at the backend's log.",
                innerException: cause);
        }
    }

    /// <inheritdoc cref="WithinAsync{T}"/>
    public Task WithinAsync(TimeSpan deadline, string purpose, Func<CancellationToken, Task> step, CancellationToken cancellationToken) =>
        WithinAsync(
            deadline,
            purpose,
            async token =>
            {
                await step(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>The pause after some failures in a row: 1 s, 2 s, 4 s, at most the interval at which everything is compared anyway.</summary>
    public TimeSpan Backoff(int failures) =>
        TimeSpan.FromSeconds(Math.Min(Math.Max(1, Settings.ResyncSeconds), Math.Pow(2, Math.Clamp(failures - 1, 0, 10))));
}
