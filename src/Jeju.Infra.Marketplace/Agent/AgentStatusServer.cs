using Jeju.Infra.Core;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>
/// Status and metrics of an agent, on loopback alone: <c>/status</c> as JSON, <c>/metrics</c> for Prometheus, <c>/health</c> with 200 once chain and
/// backend were compared. Health says nothing about the chain's node: an outage there must not make anybody restart the agent.
/// </summary>
internal sealed class AgentStatusServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly string _statusFile;

    private AgentStatusServer(WebApplication application, string statusFile)
    {
        _application = application;
        _statusFile = statusFile;
    }

    public static async Task<AgentStatusServer> StartAsync(
        AgentSettings settings, AgentMetrics metrics, Func<IReadOnlyList<LeaseStatus>> leases, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, settings.StatusPort));
        WebApplication application = builder.Build();
        application.MapGet("/health", () => metrics.Reconciles > 0 ? Results.Text("ok") : Results.Text("starting", statusCode: 503));
        application.MapGet("/metrics", () => Results.Text(metrics.Render(leases()), "text/plain; version=0.0.4"));
        application.MapGet("/status", () => Results.Json(new
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
        }));
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException cause)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new InfraException(
                MarketplaceErrors.InvalidAgentSettings,
                $"The agent's status port {settings.StatusPort} cannot be opened: {cause.GetBaseException().Message}.",
                "Stop the program that uses it, or set statusPort to 0 for any free port.",
                innerException: cause);
        }

        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First()
            ?? throw new InvalidOperationException("Kestrel listens nowhere.");
        await File.WriteAllTextAsync(settings.StatusFile, address, cancellationToken).ConfigureAwait(false);
        return new AgentStatusServer(application, settings.StatusFile);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_statusFile);
        await _application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The agent's own host decides about signals.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
