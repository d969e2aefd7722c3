using Jeju.Infra.Chain.Localnet;

namespace Jeju.Infra.Cli.Localnet;

/// <summary>The processes of a localnet that outlive the command that started them: chain, chain keeper and agent.</summary>
internal sealed class LocalnetProcesses(CommandContext context, string stack)
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(15);

    /// <summary>The settings of the agent, which also mark its process.</summary>
    public string AgentSettingsFile => Path.Combine(context.Layout.AgentFolder(stack), "settings.json");

    private string ChainSettingsFile => Path.Combine(context.Layout.ChainFolder(stack), "settings.json");

    /// <summary>The settings the chain was last started with; null where there never was one.</summary>
    public async Task<LocalChainSettings?> ReadChainAsync(CancellationToken cancellationToken) =>
        File.Exists(ChainSettingsFile) ? await LocalChainSettings.ReadAsync(ChainSettingsFile, cancellationToken) : null;

    /// <summary>The agent's process; null where it does not run.</summary>
    public int? FindAgent() => DetachedProcess.Find(AgentSettingsFile) is [int agent, ..] ? agent : null;

    /// <summary>Starts the agent with its last settings, unless it runs.</summary>
    public void StartAgent()
    {
        if (FindAgent() is null && File.Exists(AgentSettingsFile))
        {
            DetachedProcess.Start(
                context.Layout.CommandLineTool, ["agent", "run", "--settings", AgentSettingsFile],
                Path.Combine(context.Layout.AgentFolder(stack), "agent.log"));
        }
    }

    /// <summary>Stops the agent. Its workloads run on.</summary>
    public async Task StopAgentAsync(CancellationToken cancellationToken)
    {
        foreach (int agent in DetachedProcess.Find(AgentSettingsFile))
        {
            await DetachedProcess.StopAsync(agent, StopGrace, context.Time, cancellationToken);
        }
    }
}
