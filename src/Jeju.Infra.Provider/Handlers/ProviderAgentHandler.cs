using System.Collections.Concurrent;
using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Provider.Chains;
using Jeju.Infra.Provider.Framework;
using OrderState = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.OrderState;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>What an agent on this machine is to do.</summary>
internal sealed record ProviderAgentInputs : ISuiteResource
{
    [Property("The contracts to work with.")]
    public required SuiteInputs Suite { get; init; }

    [Property("The key with which it reports.")]
    public required SignerInputs Signer { get; init; }

    [Property("The account of the key.", Computed = true)]
    public Address? Account { get; init; }

    [Property("The provider node that it serves.", Replaces = true)]
    public required Bytes32 NodeId { get; init; }

    [Property("Where workloads run: docker, or null to run nothing.", Default = "docker", Allowed = ["docker", "null"])]
    public string Backend { get; init; } = "";

    [Property("The range from which every lease gets a /28 network of its own.", Default = "10.213.0.0/16")]
    public string NetworkRange { get; init; } = "";
}

/// <summary>What an agent is.</summary>
internal sealed record ProviderAgentOutputs
{
    public const string Running = "running";

    public const string Stopped = "stopped";

    [Property("The operating system's number of the process; 0 while it is stopped.")]
    public int ProcessId { get; init; }

    [Property("Whether it runs: running or stopped.")]
    public string? Status { get; init; }

    [Property("Where it answers about its state.")]
    public string? StatusEndpoint { get; init; }
}

/// <summary>
/// The agent's process. It lives on after the deployment and is found again by the path of its settings on its command line; `up` looks at it in
/// Diff, so that a dead agent, or one with other settings, shows as a change.
/// </summary>
[ResourceType("ProviderAgent", "The agent of a provider node on this machine: a process of its own that lives on after the deployment.")]
internal sealed class ProviderAgentHandler(SuiteServices services, TimeProvider time) : SuiteResourceHandler<ProviderAgentInputs, ProviderAgentOutputs>(services)
{
    private const int PageSize = 100;
    private const int MostNamed = 5;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly ErrorCode StartFailed = new(240);

    private readonly ConcurrentDictionary<string, Bytes32> _nodes = new(StringComparer.Ordinal);

    // A folder has one agent.
    protected override bool DeleteBeforeReplace => true;

    protected override Task CheckAsync(InputCheck<ProviderAgentInputs> check, CancellationToken cancellationToken)
    {
        if (check.Inputs.Knows(nameof(ProviderAgentInputs.NetworkRange)) && !System.Net.IPNetwork.TryParse(check.Inputs.Values.NetworkRange, out _))
        {
            check.Fail("networkRange", $"'{check.Inputs.Values.NetworkRange}' is no range: write one such as 10.213.0.0/16");
        }

        if (check.Inputs.Knows(nameof(ProviderAgentInputs.Signer)) && !check.Inputs.Values.Signer.Reference.IsSoftware)
        {
            check.Fail("signer.type", "is a key service: the agent reports every few seconds with a key of its own; use keystore or environment");
        }

        return base.CheckAsync(check, cancellationToken);
    }

    protected override void Remember(ResourceContext context, ResourceState<ProviderAgentInputs, ProviderAgentOutputs> state) =>
        _nodes[context.Urn] = state.Inputs.NodeId;

    protected override void PlanCreate(ResourceContext context, Bound<ProviderAgentInputs> inputs, Plan<ProviderAgentOutputs> plan)
    {
        plan.Knows(nameof(ProviderAgentOutputs.Status), ProviderAgentOutputs.Running);
        if (_nodes.TryGetValue(context.Urn, out var nodeId))
        {
            // The old one gives up its node's leases when it goes.
            Services.PlanToGiveUpLeasesOf(nodeId);
        }
    }

    protected override IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<ProviderAgentInputs, ProviderAgentOutputs> state, Bound<ProviderAgentInputs> news) =>
        [nameof(ProviderAgentOutputs.ProcessId), nameof(ProviderAgentOutputs.Status), nameof(ProviderAgentOutputs.StatusEndpoint)];

    protected override Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProviderAgentInputs, ProviderAgentOutputs> state, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Drift>>(DetachedProcess.Find(SettingsFile(context)).Count > 0
            ? []
            : [new Drift(nameof(ProviderAgentOutputs.Status), "The agent does not run: it is started again. Its services went on meanwhile.")]);

    protected override async Task<Created<ProviderAgentOutputs>> CreateAsync(
        ResourceContext context, ProviderAgentInputs inputs, CancellationToken cancellationToken) =>
        new($"agent-{inputs.NodeId}", await EnsureAsync(context, inputs, cancellationToken));

    protected override Task<ProviderAgentOutputs> UpdateAsync(
        ResourceContext context, ResourceState<ProviderAgentInputs, ProviderAgentOutputs> state, ProviderAgentInputs news, CancellationToken cancellationToken) =>
        EnsureAsync(context, news, cancellationToken);

    protected override Task<ResourceState<ProviderAgentInputs, ProviderAgentOutputs>?> ReadAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProviderAgentInputs, ProviderAgentOutputs> state, CancellationToken cancellationToken)
    {
        var file = SettingsFile(context);
        if (!File.Exists(file))
        {
            return Task.FromResult<ResourceState<ProviderAgentInputs, ProviderAgentOutputs>?>(null);
        }

        var processes = DetachedProcess.Find(file);
        return Task.FromResult<ResourceState<ProviderAgentInputs, ProviderAgentOutputs>?>(state with
        {
            Outputs = processes.Count > 0 ? Describe(AgentSettings.Load(file), processes[0]) : new ProviderAgentOutputs { Status = ProviderAgentOutputs.Stopped },
        });
    }

    protected override async Task DeleteAsync(
        ResourceContext context, SuiteSession session, ResourceState<ProviderAgentInputs, ProviderAgentOutputs> state, CancellationToken cancellationToken)
    {
        // Both send with the agent's key. The services themselves go on until their leases are given up.
        await StopAsync(SettingsFile(context), cancellationToken);
        await ReleaseLeasesAsync(context, session, state.Inputs.NodeId, cancellationToken);
        await DeleteWithoutChainAsync(context, cancellationToken);
    }

    protected override async Task DeleteWithoutChainAsync(ResourceContext context, CancellationToken cancellationToken)
    {
        var file = SettingsFile(context);
        await StopAsync(file, cancellationToken);
        if (File.Exists(file))
        {
            // What is left has no live lease: ended ones that the agent had not come to yet.
            await AgentHost.RemoveWorkloadsAsync(AgentSettings.Load(file), time, cancellationToken);
            Directory.Delete(Services.Layout.AgentFolder(context.Stack), recursive: true);
        }
    }

    private async Task<ProviderAgentOutputs> EnsureAsync(ResourceContext context, ProviderAgentInputs inputs, CancellationToken cancellationToken)
    {
        var file = SettingsFile(context);
        var settings = await SettingsOfAsync(context, inputs, cancellationToken);
        var running = DetachedProcess.Find(file);
        if (running.Count > 0 && File.Exists(file) && AgentSettings.Load(file) == settings)
        {
            return Describe(settings, running[0]);
        }

        await StopAsync(file, cancellationToken);
        settings.Save(file);
        await context.Log.ProgressAsync($"starting the agent of node {inputs.NodeId}", cancellationToken);
        // One that was killed left its status file: the wait below is for the new one's.
        File.Delete(settings.StatusFile);
        var log = settings.LogFile;
        var process = DetachedProcess.Start(Services.Layout.CommandLineTool, ["agent", "run", "--settings", file], log);
        await WaitUntilStartedAsync(settings, process, log, cancellationToken);
        return Describe(settings, process);
    }

    private async Task WaitUntilStartedAsync(AgentSettings settings, int process, string log, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(StartLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            while (DetachedProcess.IsRunning(process))
            {
                if (File.Exists(settings.StatusFile))
                {
                    return;
                }

                await Task.Delay(PollInterval, time, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await DetachedProcess.StopAsync(process, StopGrace, time, cancellationToken);
        }

        var said = File.Exists(log) ? string.Join(' ', File.ReadLines(log).TakeLast(3)).Trim() : "";
        throw new InfraException(
            StartFailed, $"The agent did not come up: {(said.Length == 0 ? "it said nothing" : said)}", $"Its log is {log}. Correct the cause and run the command again.");
    }

    /// <summary>Gives up what the node still serves, which refunds its consumers: nothing is stopped that somebody goes on paying for.</summary>
    private static async Task ReleaseLeasesAsync(ResourceContext context, SuiteSession session, Bytes32 nodeId, CancellationToken cancellationToken)
    {
        List<Bytes32> live = [];
        for (var count = PageSize; count == PageSize;)
        {
            var page = await session.Chain.QueryAsync(session.Contracts.Orders.LiveOrdersOfNode(nodeId, live.Count, PageSize), cancellationToken);
            live.AddRange(page);
            count = page.Count;
        }

        var states = await session.Chain.QueryAsync([.. live.Select(order => session.Contracts.Orders.StateOf(order))], cancellationToken);
        var served = live.Where((_, index) => states[index] is OrderState.Requested or OrderState.Ready or OrderState.Degraded).ToList();
        if (served.Count > 0)
        {
            var rest = served.Count > MostNamed ? $" and {served.Count - MostNamed} more" : "";
            await context.Log.WarningAsync(
                $"{served.Count} leases are given up, and refunded from now on: {string.Join(", ", served.Take(MostNamed))}{rest}.", cancellationToken);
            await session.SendAsync([.. served.Select(order => session.Contracts.Orders.ReleaseNode(order))], cancellationToken);
        }
    }

    private async Task StopAsync(string file, CancellationToken cancellationToken)
    {
        foreach (var process in DetachedProcess.Find(file))
        {
            await DetachedProcess.StopAsync(process, StopGrace, time, cancellationToken);
        }
    }

    private async Task<AgentSettings> SettingsOfAsync(ResourceContext context, ProviderAgentInputs inputs, CancellationToken cancellationToken)
    {
        var contracts = await Services.ContractsOfAsync(inputs.Suite.Deployer, cancellationToken);
        return new AgentSettings
        {
            ChainUrl = inputs.Suite.Endpoint.OriginalString,
            ChainId = inputs.Suite.ChainId,
            ExternalChainProvider = contracts.Orders.Address,
            ProviderRegistry = contracts.ProviderRegistry.Address,
            NodeId = inputs.NodeId,
            AgentKey = "0x" + Convert.ToHexStringLower((await Services.Signers.ResolveSoftwareAsync(inputs.Signer.Reference, inputs.Suite.ChainId, cancellationToken)).ExportPrivateKey()),
            StateFolder = Services.Layout.AgentFolder(context.Stack),
            RepositoryRoot = Services.Layout.Root,
            CacheFolder = Services.Layout.StateFolder,
            Backend = inputs.Backend,
            // The agent lives on when the variable is forgotten.
            DockerSocket = DockerEngine.SocketPathOfEnvironment() is var socket && socket != DockerEngine.DefaultSocketPath ? socket : null,
            Subnets = inputs.NetworkRange,
        };
    }

    private string SettingsFile(ResourceContext context) => Path.Combine(Services.Layout.AgentFolder(context.Stack), "settings.json");

    private static ProviderAgentOutputs Describe(AgentSettings settings, int process) => new()
    {
        ProcessId = process,
        Status = ProviderAgentOutputs.Running,
        StatusEndpoint = File.Exists(settings.StatusFile) ? File.ReadAllText(settings.StatusFile) : null,
    };
}
