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
/// Status and metrics of an agent, on loopback alone: <c>/status</c> as JSON, <c>/metrics</c> for Prometheus, <c>/health</c> with 200 once chain and
/// backend were compared. Health says nothing about the chain's node: an outage there must not make anybody restart the agent.
/// It is Kestrel and no more: an order waits for an agent that starts, and a web application's host would double that time.
/// </summary>
internal sealed class AgentStatusServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly KestrelServer _kestrel;
    private readonly Socket _listener;
    private readonly string _statusFile;

    private AgentStatusServer(KestrelServer kestrel, Socket listener, string statusFile)
    {
        _kestrel = kestrel;
        _listener = listener;
        _statusFile = statusFile;
    }

    public static async Task<AgentStatusServer> StartAsync(
        AgentSettings settings, AgentMetrics metrics, Func<IReadOnlyList<LeaseStatus>> leases, CancellationToken cancellationToken)
    {
        Socket listener = Listen(settings);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        SocketTransportFactory transport = new(
            Options.Create(new SocketTransportOptions { CreateBoundListenSocket = _ => listener }), NullLoggerFactory.Instance);
        KestrelServer kestrel = new(Options.Create(options), transport, NullLoggerFactory.Instance);
        await kestrel.StartAsync(new Pages(settings, metrics, leases), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(
            settings.StatusFile, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), cancellationToken).ConfigureAwait(false);
        return new AgentStatusServer(kestrel, listener, settings.StatusFile);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_statusFile);
        await _kestrel.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _kestrel.Dispose();
        _listener.Dispose();
    }

    private static Socket Listen(AgentSettings settings)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, settings.StatusPort));
            listener.Listen();
            return listener;
        }
        catch (SocketException cause)
        {
            listener.Dispose();
            throw new InfraException(
                MarketplaceErrors.InvalidAgentSettings,
                $"The agent's status port {settings.StatusPort} cannot be opened: {cause.Message}.",
                "Stop the program that uses it, or set statusPort to 0 for any free port.",
                innerException: cause);
        }
    }

    private sealed class Pages(AgentSettings settings, AgentMetrics metrics, Func<IReadOnlyList<LeaseStatus>> leases) : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
            // Kestrel disposes of its own features.
        }

        public async Task ProcessRequestAsync(IFeatureCollection context)
        {
            (int status, string type, string text) = Answer(context.GetRequiredFeature<IHttpRequestFeature>());
            byte[] body = Encoding.UTF8.GetBytes(text);
            IHttpResponseFeature response = context.GetRequiredFeature<IHttpResponseFeature>();
            response.StatusCode = status;
            response.Headers.ContentType = type;
            response.Headers.ContentLength = body.Length;
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body).ConfigureAwait(false);
        }

        private (int Status, string Type, string Text) Answer(IHttpRequestFeature request) => (request.Method, request.Path) switch
        {
            ("GET", "/health") when metrics.Reconciles > 0 => (200, "text/plain", "ok"),
            ("GET", "/health") => (503, "text/plain", "starting"),
            ("GET", "/metrics") => (200, "text/plain; version=0.0.4", metrics.Render(leases())),
            ("GET", "/status") => (200, "application/json", JsonSerializer.Serialize(Status(), Json)),
            _ => (404, "text/plain", "There are /status, /metrics and /health."),
        };

        private object Status() => new
        {
            nodeId = settings.NodeId.ToString(),
            chainId = settings.ChainId.Value,
            backend = settings.Backend,
            reconciles = metrics.Reconciles,
            lastHeartbeat = metrics.LastHeartbeat,
            leases = leases().Select(lease => new
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
