using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// Status and metrics of an agent: <c>/status</c> as JSON, <c>/metrics</c> for Prometheus, <c>/health</c> with 200 once chain and
/// backend were compared, <c>/live</c> with 200 always. Neither says anything about the chain's node later: an outage there must not make anybody restart the agent.
/// Where metrics have a port of their own, the other one, which strangers may reach, answers these two alone.
/// </summary>
internal sealed class AgentStatusServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly StatusListener _listener;
    private readonly string _statusFile;

    private AgentStatusServer(StatusListener listener, string statusFile)
    {
        _listener = listener;
        _statusFile = statusFile;
    }

    /// <summary>Where it listens: status and metrics first, then health alone where that has an address of its own.</summary>
    public IReadOnlyList<IPEndPoint> Addresses => _listener.Addresses;

    /// <param name="settings">Where to listen.</param>
    /// <param name="metrics">The figures.</param>
    /// <param name="leases">The leases; null of an agent that has no node to serve, and is well as it is.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<AgentStatusServer> StartAsync(
        AgentSettings settings, AgentMetrics metrics, Func<IReadOnlyList<LeaseStatus>>? leases, CancellationToken cancellationToken)
    {
        int[] ports = settings.MetricsPort is { } own ? [own, settings.StatusPort] : [settings.StatusPort];
        StatusListener listener = await StatusListener.StartAsync(
            IPAddress.Parse(settings.StatusAddress), ports, new Pages(settings, metrics, leases).Answer, cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(
            settings.StatusFile, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{listener.Addresses[0].Port}"), cancellationToken).ConfigureAwait(false);
        return new AgentStatusServer(listener, settings.StatusFile);
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(_statusFile);
        return _listener.DisposeAsync();
    }

    private sealed class Pages(AgentSettings settings, AgentMetrics metrics, Func<IReadOnlyList<LeaseStatus>>? leases)
    {
        public StatusPage Answer(string method, string path, bool isPrivate) => (method, path) switch
        {
            ("GET", "/health") when metrics.Reconciles > 0 || leases is null => new(200, "text/plain", "ok"),
            ("GET", "/live") => new(200, "text/plain", "ok"),
            ("GET", "/health") => new(503, "text/plain", "starting"),
            ("GET", "/metrics") when isPrivate => new(200, "text/plain; version=0.0.4", metrics.Render(Leases)),
            ("GET", "/status") when isPrivate => new(200, "application/json", JsonSerializer.Serialize(Status(), Json)),
            _ => new(404, "text/plain", isPrivate ? "There are /status, /metrics, /health and /live." : "There are /health and /live."),
        };

        private IReadOnlyList<LeaseStatus> Leases => leases?.Invoke() ?? [];

        private object Status() => new
        {
            nodeId = leases is null ? null : settings.NodeId.ToString(),
            chainId = settings.ChainId.Value,
            backend = settings.Backend,
            reconciles = metrics.Reconciles,
            lastHeartbeat = metrics.LastHeartbeat,
            leases = Leases.Select(lease => new
            {
                orderId = lease.OrderId.ToString(),
                kind = lease.Kind,
                phase = lease.Phase.ToString(),
                detail = lease.Detail,
                endpoint = lease.Endpoint?.ToString(),
            }),
        };
    }
}
