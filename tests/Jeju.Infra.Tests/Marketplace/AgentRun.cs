using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Backends;

using Microsoft.Extensions.Logging.Abstractions;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>An agent that runs in a test, with a chain and a backend of the test's own, and is stopped with it.</summary>
internal sealed class AgentRun : IAsyncDisposable
{
    public static readonly AgentSettings Settings = new()
    {
        ChainUrl = "http://127.0.0.1:1",
        ChainId = ChainId.Anvil,
        ExternalChainProvider = Address.Parse("0x" + new string('1', 40)),
        ProviderRegistry = Address.Parse("0x" + new string('2', 40)),
        NodeId = Bytes32.FromName("node"),
        AgentKey = "0x" + new string('3', 64),
        StateFolder = "/nonexistent",
        RepositoryRoot = "/nonexistent",
        ResyncSeconds = 1,
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public AgentRun(FakeNodeChain chain, IComputeBackend backend, AgentSettings? settings = null)
    {
        Agent = new ProviderAgent(settings ?? Settings, chain, backend, TimeProvider.System, Metrics, NullLogger.Instance);
        _run = Task.Run(() => Agent.RunAsync(_stop.Token));
    }

    public ProviderAgent Agent { get; }

    public AgentMetrics Metrics { get; } = new();

    public static Task Until(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = new(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
    }

    /// <summary>Returns when a comparison has begun and ended after this call.</summary>
    public async Task ComparedAgainAsync()
    {
        long before = Metrics.Reconciles;
        await Until(() => Metrics.Reconciles >= before + 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run);
        _stop.Dispose();
    }
}
