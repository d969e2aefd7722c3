using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>The settings of a local chain.</summary>
internal sealed record LocalChainInputs
{
    [Property("The port on 127.0.0.1.", Default = "8545", Minimum = 1, Maximum = 65535)]
    public int Port { get; init; }

    [Property("The time between two blocks in seconds; 0 makes a block for each transaction at once.", Default = "0", Minimum = 0, Maximum = 60)]
    public int BlockTime { get; init; }
}

/// <summary>What a local chain is.</summary>
internal sealed record LocalChainOutputs
{
    public const string Running = "running";

    public const string Stopped = "stopped";

    [Property("The address of its JSON-RPC endpoint.")]
    public required Uri Endpoint { get; init; }

    [Property("The EIP-155 id, in decimal.")]
    public required ChainId ChainId { get; init; }

    [Property("The hash of block 0.")]
    public Bytes32? GenesisHash { get; init; }

    [Property("Whether it runs: running or stopped.")]
    public required string Status { get; init; }

    [Property("The operating system's number of the Anvil process; 0 while it is stopped.")]
    public required int ProcessId { get; init; }
}

/// <summary>
/// Anvil and its keeper. They outlive the deployment; `up` looks at them in Diff, so that a dead chain shows as a change and is started again
/// from its last saved state.
/// </summary>
[ResourceType("LocalChain", "A chain on this machine: Anvil on a loopback port, and a keeper that saves its state after every block.")]
internal sealed class LocalChainHandler(RepositoryLayout layout, TimeProvider time) : ResourceHandler<LocalChainInputs, LocalChainOutputs>
{
    protected override async Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, ResourceState<LocalChainInputs, LocalChainOutputs> state, CancellationToken cancellationToken)
    {
        var settings = Settings(context, state.Inputs);
        var running = await AnvilProcess.FindAsync(settings, time, cancellationToken);
        if (running is null)
        {
            return [new Drift(nameof(LocalChainOutputs.Status), $"Anvil does not run on port {state.Inputs.Port}: it is started again from its last saved state.")];
        }

        if (running.Identity.Genesis != state.Outputs.GenesisHash)
        {
            return [new Drift(nameof(LocalChainOutputs.GenesisHash), "The chain was reset: it has another genesis, and everything on it is made anew.")];
        }

        return DetachedProcess.Find(settings.SettingsFile).Count > 0
            ? []
            : [new Drift(nameof(LocalChainOutputs.Status), "The keeper that saves the chain's state does not run: it is started again.")];
    }

    protected override void PlanCreate(ResourceContext context, Bound<LocalChainInputs> inputs, Plan<LocalChainOutputs> plan)
    {
        plan.Knows(nameof(LocalChainOutputs.ChainId), ChainId.Anvil).Knows(nameof(LocalChainOutputs.Status), LocalChainOutputs.Running);
        if (inputs.Knows(nameof(LocalChainInputs.Port)))
        {
            plan.Knows(nameof(LocalChainOutputs.Endpoint), Endpoint(inputs.Values));
        }
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<LocalChainInputs, LocalChainOutputs> state, Bound<LocalChainInputs> news)
    {
        var settings = Settings(context, state.Inputs);
        var changed = new List<string> { nameof(LocalChainOutputs.ProcessId), nameof(LocalChainOutputs.Status) };
        if (!news.Knows(nameof(LocalChainInputs.Port)) || news.Values.Port != state.Inputs.Port)
        {
            changed.Add(nameof(LocalChainOutputs.Endpoint));
        }

        // Without a saved state, what starts is another chain.
        if (!File.Exists(settings.StateFile))
        {
            changed.Add(nameof(LocalChainOutputs.GenesisHash));
        }

        return changed;
    }

    protected override async Task<Created<LocalChainOutputs>> CreateAsync(
        ResourceContext context, LocalChainInputs inputs, CancellationToken cancellationToken)
    {
        await context.Log.ProgressAsync($"starting Anvil on port {inputs.Port}", cancellationToken);
        var chain = await AnvilProcess.StartAsync(Settings(context, inputs), time, cancellationToken);
        return new Created<LocalChainOutputs>(context.Stack, Outputs(inputs, chain));
    }

    protected override async Task<ResourceState<LocalChainInputs, LocalChainOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<LocalChainInputs, LocalChainOutputs> state, CancellationToken cancellationToken)
    {
        var settings = Settings(context, state.Inputs);
        var running = await AnvilProcess.FindAsync(settings, time, cancellationToken);
        if (running is not null)
        {
            return state with { Outputs = Outputs(state.Inputs, running) };
        }

        return Directory.Exists(settings.Folder)
            ? state with { Outputs = state.Outputs with { Status = LocalChainOutputs.Stopped, ProcessId = 0 } }
            : null;
    }

    protected override async Task<LocalChainOutputs> UpdateAsync(
        ResourceContext context, ResourceState<LocalChainInputs, LocalChainOutputs> state, LocalChainInputs news, CancellationToken cancellationToken)
    {
        if (state.Inputs != news)
        {
            await context.Log.ProgressAsync("stopping Anvil, to start it with its new settings", cancellationToken);
            await AnvilProcess.StopAsync(Settings(context, state.Inputs), time, cancellationToken);
        }

        await context.Log.ProgressAsync($"starting Anvil on port {news.Port}", cancellationToken);
        return Outputs(news, await AnvilProcess.StartAsync(Settings(context, news), time, cancellationToken));
    }

    protected override Task DeleteAsync(
        ResourceContext context, ResourceState<LocalChainInputs, LocalChainOutputs> state, CancellationToken cancellationToken) =>
        AnvilProcess.ResetAsync(Settings(context, state.Inputs), time, cancellationToken);

    private LocalChainSettings Settings(ResourceContext context, LocalChainInputs inputs) =>
        LocalChainSettings.For(layout, context.Stack, inputs.Port) with { BlockTime = inputs.BlockTime == 0 ? null : inputs.BlockTime };

    private static Uri Endpoint(LocalChainInputs inputs) => new($"http://127.0.0.1:{inputs.Port}");

    private static LocalChainOutputs Outputs(LocalChainInputs inputs, LocalChain chain) => new()
    {
        Endpoint = Endpoint(inputs),
        ChainId = chain.Identity.ChainId,
        GenesisHash = chain.Identity.Genesis,
        Status = LocalChainOutputs.Running,
        ProcessId = chain.ProcessId,
    };
}
