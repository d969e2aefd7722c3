using System.Globalization;
using System.Text.Json;

using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Backends;

using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// An agent in a pod: its settings come from environment variables (<see cref="AgentVariables"/>), its key from a mounted file, and its provider node from a file that need not be there yet. So the pod
/// can stand before the contracts do; without the file it serves nobody, and is well. It follows the file: another node, or none, takes effect without a restart.
/// </summary>
public sealed class AgentPod
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly AgentSettings _settings;
    private readonly string _nodeFile;

    private AgentPod(AgentSettings settings, string nodeFile)
    {
        _settings = settings;
        _nodeFile = nodeFile;
    }

    /// <summary>Reads the variables and the key.</summary>
    /// <param name="variables">The process's environment; what is not the agent's is left alone.</param>
    /// <exception cref="InfraException">JEJU0630: something is missing or wrong; all failures at once.</exception>
    public static AgentPod Read(IReadOnlyDictionary<string, string> variables)
    {
        const string Place = "The environment";
        List<string> failures = [.. AgentVariables.All.Where(name => string.IsNullOrEmpty(variables.GetValueOrDefault(name))).Select(name => $"{name} is missing.")];
        if (failures.Count > 0)
        {
            throw AgentSettings.Invalid(Place, string.Join(" ", failures), null);
        }

        int Number(string name) => int.TryParse(variables[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"{name} '{variables[name]}' must be a number.");
        try
        {
            NetworkProfile network = NetworkProfile.ForStack(variables[AgentVariables.Network]);
            string chain = variables[AgentVariables.ChainId];
            if (chain != network.SettlementChain.ToString())
            {
                throw new FormatException($"{AgentVariables.ChainId} '{chain}' is not the settlement chain {network.SettlementChain} of {network.StackName}.");
            }

            string folder = variables[AgentVariables.StateFolder];
            AgentSettings settings = new()
            {
                ChainUrl = variables[AgentVariables.ChainEndpoint],
                ChainId = network.SettlementChain,
                Confirmations = network.Confirmations,
                AgentKey = File.ReadAllText(variables[AgentVariables.KeyFile]).Trim(),
                StateFolder = folder,
                // A pod has no checkout, and builds no image.
                RepositoryRoot = folder,
                Backend = variables[AgentVariables.Backend],
                Kubernetes = new KubernetesBackendSettings
                {
                    Namespace = variables[AgentVariables.TenantNamespace],
                    StorageClass = variables[AgentVariables.StorageClass],
                    LeaseDomain = variables[AgentVariables.LeaseDomain],
                    ImageLockFile = variables[AgentVariables.ImageLockFile],
                },
                StatusAddress = "0.0.0.0",
                StatusPort = Number(AgentVariables.Port),
                MetricsPort = Number(AgentVariables.MetricsPort),
                NodeId = Bytes32.Zero,
                ExternalChainProvider = Address.Zero,
                ProviderRegistry = Address.Zero,
            };
            // The node's own values are checked when its file is there.
            AgentSettings complete = settings with { NodeId = Bytes32.FromName("node"), ExternalChainProvider = Any, ProviderRegistry = Any };
            return complete.Check() is { Count: > 0 } wrong
                ? throw new FormatException(string.Join(" ", wrong))
                : new AgentPod(settings, variables[AgentVariables.NodeFile]);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException or InfraException)
        {
            throw AgentSettings.Invalid(Place, cause.Message, cause);
        }
    }

    /// <summary>The settings with the node of the file; null while there is none.</summary>
    /// <exception cref="InfraException">JEJU0630: the file holds something wrong.</exception>
    public AgentSettings? ReadNode()
    {
        string text;
        try
        {
            text = File.ReadAllText(_nodeFile);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            Dictionary<string, string> node = JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? [];
            AgentSettings settings = _settings with
            {
                NodeId = Bytes32.Parse(node.GetValueOrDefault(AgentNodeFile.NodeId, string.Empty)),
                ExternalChainProvider = Address.Parse(node.GetValueOrDefault(AgentNodeFile.ExternalChainProvider, string.Empty)),
                ProviderRegistry = Address.Parse(node.GetValueOrDefault(AgentNodeFile.ProviderRegistry, string.Empty)),
            };
            return settings.Check() is { Count: > 0 } wrong ? throw new FormatException(string.Join(" ", wrong)) : settings;
        }
        catch (Exception cause) when (cause is JsonException or FormatException)
        {
            throw AgentSettings.Invalid(_nodeFile, cause.Message, cause);
        }
    }

    /// <summary>Serves the node of the file, whichever it is at the time, until cancelled. The workloads go on afterwards.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the agent in order.</param>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = AgentHost.CreateLoggers();
        await RunAsync(time, loggers, cancellationToken).ConfigureAwait(false);
    }

    internal async Task RunAsync(TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ILogger logger = loggers.CreateLogger("agent");
        while (!cancellationToken.IsCancellationRequested)
        {
            AgentSettings? served = ReadNode();
            if (served is null)
            {
                logger.LogInformation("no provider node yet: {File} does not exist", _nodeFile);
            }

            using CancellationTokenSource another = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task changed = WaitForAnotherAsync(served, time, another.Token);
            Task serving = served is null
                ? AgentHost.StandByAsync(_settings, another.Token)
                : AgentHost.RunAsync(served, time, loggers, another.Token);
            try
            {
                await (await Task.WhenAny(changed, serving).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopped in order.
            }
            finally
            {
                await another.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(changed, serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static Address Any { get; } = Address.Parse("0x" + new string('1', 40));

    private async Task WaitForAnotherAsync(AgentSettings? served, TimeProvider time, CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(LookAgain, time, cancellationToken).ConfigureAwait(false);
        }
        while (ReadNode() == served);
    }
}
