using Jeju.Infra.Chain.Localnet;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Provider.Handlers;

/// <summary>
/// On a localnet the agent and its Docker Engine are programs of this machine. While an order is waited for, an agent that dies is started again,
/// and an engine that is gone ends the wait: the order would otherwise end unserved, and the whole wait be in vain.
/// </summary>
internal sealed class LocalAgentWatch(RepositoryLayout layout, TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(5);

    // The engine's own restart takes some seconds, and its containers live through that.
    private static readonly TimeSpan OutagePatience = TimeSpan.FromSeconds(8);

    /// <summary>Waits for something that the stack's agent brings about, as long as it can.</summary>
    /// <exception cref="InfraException">JEJU0601: the Docker Engine does not answer any more.</exception>
    public async Task<T> WhileAsync<T>(ResourceContext context, Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        var file = Path.Combine(layout.AgentFolder(context.Stack), "settings.json");
        if (!File.Exists(file))
        {
            return await wait(cancellationToken);
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(context, AgentSettings.Load(file), file, over.Token);
        var waiting = wait(over.Token);
        try
        {
            await Task.WhenAny(waiting, watch);
        }
        finally
        {
            if (!waiting.IsCompleted)
            {
                await over.CancelAsync();
                await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Whoever ended first tells why; the other one was ended by that.
        if (!waiting.IsCompletedSuccessfully && watch.IsFaulted)
        {
            await watch;
        }

        await over.CancelAsync();
        await ((Task)watch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await waiting;
    }

    private async Task WatchAsync(ResourceContext context, AgentSettings agent, string file, CancellationToken cancellationToken)
    {
        using var docker = agent.Backend == "docker" ? new DockerEngine(time, agent.DockerSocket, AnswerDeadline) : null;
        using var timer = new PeriodicTimer(CheckInterval, time);
        long? silentSince = null;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (DetachedProcess.Find(file).Count == 0)
            {
                await context.Log.ProgressAsync("the agent is gone: it is started again", cancellationToken);
                DetachedProcess.Start(layout.CommandLineTool, ["agent", "run", "--settings", file], agent.LogFile);
            }

            try
            {
                if (docker is not null)
                {
                    await docker.VersionAsync(cancellationToken);
                }

                silentSince = null;
            }
            catch (InfraException silence) when (silence.Code == DockerEngine.Unreachable)
            {
                silentSince ??= time.GetTimestamp();
                if (time.GetElapsedTime(silentSince.Value) > OutagePatience)
                {
                    throw new InfraException(
                        DockerEngine.Unreachable,
                        $"The Docker Engine stopped answering while the order was waited for: {silence.Message}",
                        "The order stands, and what is not used of it is refunded. Start the engine and run the command again: it goes on with the same order.",
                        innerException: silence);
                }

                await context.Log.ProgressAsync("the Docker Engine does not answer; waiting for it", cancellationToken);
            }
        }
    }
}
