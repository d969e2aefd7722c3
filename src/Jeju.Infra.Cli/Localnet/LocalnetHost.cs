using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Cli.Localnet;

/// <summary>Everything of the localnet that runs on this machine, whatever the engine's state says about it.</summary>
internal sealed class LocalnetHost : IDisposable
{
    private const string Stack = "localnet";

    private readonly CommandContext _context;
    private readonly DockerEngine _docker;

    public LocalnetHost(CommandContext context)
    {
        _context = context;
        _docker = new DockerEngine(context.Time, new DockerPrerequisite(context).SocketPath);
        Processes = new LocalnetProcesses(context, Stack);
    }

    /// <summary>Chain, keeper and agent.</summary>
    public LocalnetProcesses Processes { get; }

    /// <summary>Finds the chain where it runs and answers.</summary>
    public async Task<LocalChain?> FindChainAsync(CancellationToken cancellationToken) =>
        await Processes.ReadChainAsync(cancellationToken) is { } settings
            ? await AnvilProcess.FindAsync(settings, _context.Time, cancellationToken)
            : null;

    /// <summary>The workloads of the chain that runs, and of those that the engine's state knows.</summary>
    public async Task<IReadOnlyList<LocalnetWorkloads>> FindWorkloadsAsync(CancellationToken cancellationToken)
    {
        string stateFile = StackSession.StateFile(_context, Stack);
        List<string> labels = [.. await LocalnetWorkloads.LabelsInStateAsync(stateFile, cancellationToken)];
        if (await FindChainAsync(cancellationToken) is { } chain)
        {
            labels.Add(LocalnetWorkloads.LabelOf(chain.Identity));
        }

        return [.. labels.Distinct().Select(label => new LocalnetWorkloads(_docker, label))];
    }

    /// <summary>Stops agent, containers and chain, in the order in which nobody mends what the next step stops.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<LocalnetWorkloads> workloads = await FindWorkloadsAsync(cancellationToken);
        await Processes.StopAgentAsync(cancellationToken);
        foreach (LocalnetWorkloads chain in workloads)
        {
            await chain.StopAsync(cancellationToken);
        }

        if (await Processes.ReadChainAsync(cancellationToken) is not { } settings)
        {
            return false;
        }

        await AnvilProcess.StopAsync(settings, _context.Time, cancellationToken);
        return true;
    }

    /// <summary>Starts chain, containers and agent as they were. False where the localnet was never brought up.</summary>
    public async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        if (await Processes.ReadChainAsync(cancellationToken) is not { } settings)
        {
            return false;
        }

        await AnvilProcess.StartAsync(settings, _context.Time, cancellationToken);
        foreach (LocalnetWorkloads chain in await FindWorkloadsAsync(cancellationToken))
        {
            await chain.StartAsync(cancellationToken);
        }

        Processes.StartAgent();
        return true;
    }

    /// <summary>Removes everything, also what the engine does not know, and forgets the engine's state.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<LocalnetWorkloads> workloads = await FindWorkloadsAsync(cancellationToken);
        await Processes.StopAgentAsync(cancellationToken);
        foreach (LocalnetWorkloads chain in workloads)
        {
            await chain.RemoveAsync(cancellationToken);
        }

        if (await Processes.ReadChainAsync(cancellationToken) is { } settings)
        {
            await AnvilProcess.ResetAsync(settings, _context.Time, cancellationToken);
        }

        // The state last: a reset that is killed before can still find what the state knows.
        if (Directory.Exists(_context.Layout.StackFolder(Stack)))
        {
            Directory.Delete(_context.Layout.StackFolder(Stack), recursive: true);
        }

        string stateFile = StackSession.StateFile(_context, Stack);
        if (File.Exists(stateFile))
        {
            File.Delete(stateFile);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _docker.Dispose();
}
