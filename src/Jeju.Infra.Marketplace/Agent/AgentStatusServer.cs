using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

using Jeju.Infra.Core;

using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// Status and metrics of an agent: <c>/status</c> as JSON, <c>/metrics</c> for Prometheus, <c>/health</c> with 200 once chain and
/// backend were compared. Health says nothing about the chain's node: an outage there must not make anybody restart the agent.
/// Where metrics have a port of their own, the other one, which strangers may reach, answers <c>/health</c> alone.
/// It is Kestrel and no more: an order waits for an agent that starts, and a web application's host would double that time.
/// </summary>
internal sealed class AgentStatusServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly KestrelServer _kestrel;
    private readonly IReadOnlyList<Socket> _listeners;
    private readonly string _statusFile;

    private AgentStatusServer(KestrelServer kestrel, IReadOnlyList<Socket> listeners, string statusFile)
    {
        _kestrel = kestrel;
        _listeners = listeners;
        _statusFile = statusFile;
    }

    /// <summary>Where it listens: status and metrics first, then health alone where that has an address of its own.</summary>
    public IReadOnlyList<IPEndPoint> Addresses => [.. _listeners.Select(listener => (IPEndPoint)listener.LocalEndPoint!)];

    /// <param name="settings">Where to listen.</param>
    /// <param name="metrics">The figures.</param>
    /// <param name="leases">The leases; null of an agent that has no node to serve, and is well as it is.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<AgentStatusServer> StartAsync(
        AgentSettings settings, AgentMetrics metrics, Func<IReadOnlyList<LeaseStatus>>? leases, CancellationToken cancellationToken)
    {
        int[] ports = settings.MetricsPort is { } own ? [own, settings.StatusPort] : [settings.StatusPort];
        List<Socket> listeners = [];
        try
        {
            foreach (int port in ports)
            {
                listeners.Add(Listen(IPAddress.Parse(settings.StatusAddress), port));
            }

            KestrelServerOptions options = new() { AddServerHeader = false };
            foreach (Socket listener in listeners)
            {
                options.Listen((IPEndPoint)listener.LocalEndPoint!, listen => listen.Protocols = HttpProtocols.Http1);
            }

            SocketTransportFactory transport = new(
                Options.Create(new SocketTransportOptions
                {
                    CreateBoundListenSocket = endpoint => listeners.Single(listener => listener.LocalEndPoint!.Equals(endpoint)),
                }),
                NullLoggerFactory.Instance);
            KestrelServer kestrel = new(Options.Create(options), transport, NullLoggerFactory.Instance);
            int statusPort = ((IPEndPoint)listeners[0].LocalEndPoint!).Port;
            await kestrel.StartAsync(new Pages(settings, metrics, leases, statusPort), cancellationToken).ConfigureAwait(false);
            await File.WriteAllTextAsync(
                settings.StatusFile, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{statusPort}"), cancellationToken).ConfigureAwait(false);
            return new AgentStatusServer(kestrel, listeners, settings.StatusFile);
        }
        catch
        {
            listeners.ForEach(listener => listener.Dispose());
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_statusFile);
        await _kestrel.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _kestrel.Dispose();
        foreach (Socket listener in _listeners)
        {
            listener.Dispose();
        }
    }

    private static Socket Listen(IPAddress address, int port)
    {
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen();
            return listener;
        }
        catch (SocketException cause)
        {
            listener.Dispose();
            throw new InfraException(
                MarketplaceErrors.InvalidAgentSettings,
                $"The agent's status port {port} cannot be opened: {cause.Message}.",
                "Stop the program that uses it, or set statusPort to 0 for any free port.",
                innerException: cause);
        }
    }

    private sealed class Pages(AgentSettings settings, AgentMetrics metrics, Func<IReadOnlyList<LeaseStatus>>? leases, int statusPort)
        : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
            // Kestrel disposes of its own features.
        }

        public async Task ProcessRequestAsync(IFeatureCollection context)
        {
            bool isPrivate = context.GetRequiredFeature<IHttpConnectionFeature>().LocalPort == statusPort;
            (int status, string type, string text) = Answer(context.GetRequiredFeature<IHttpRequestFeature>(), isPrivate);
            byte[] body = Encoding.UTF8.GetBytes(text);
            IHttpResponseFeature response = context.GetRequiredFeature<IHttpResponseFeature>();
            response.StatusCode = status;
            response.Headers.ContentType = type;
            response.Headers.ContentLength = body.Length;
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body).ConfigureAwait(false);
        }

        private (int Status, string Type, string Text) Answer(IHttpRequestFeature request, bool isPrivate) => (request.Method, request.Path) switch
        {
            ("GET", "/health") when metrics.Reconciles > 0 || leases is null => (200, "text/plain", "ok"),
            ("GET", "/health") => (503, "text/plain", "starting"),
            ("GET", "/metrics") when isPrivate => (200, "text/plain; version=0.0.4", metrics.Render(Leases)),
            ("GET", "/status") when isPrivate => (200, "application/json", JsonSerializer.Serialize(Status(), Json)),
            _ => (404, "text/plain", isPrivate ? "There are /status, /metrics and /health." : "There is /health."),
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
