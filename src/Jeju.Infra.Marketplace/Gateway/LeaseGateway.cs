using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;

using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Marketplace.Gateway;

/// <summary>
/// The one entry of all leases of a cluster: passes each connection on to the lease that the client names in its first message of TLS. It keeps no state, holds no key and asks nobody: a lease's address in the cluster
/// follows from its name. Any number of gateways may stand side by side.
/// </summary>
public sealed class LeaseGateway : IAsyncDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

    private readonly LeaseGatewaySettings _settings;
    private readonly Func<string, int, CancellationToken, Task<Socket>> _connect;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<Socket> _listeners;
    private readonly long[] _outcomes = new long[Enum.GetValues<ConnectionOutcome>().Length];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _turnedAway;
    private int _open;

    // Those that are in: the connections, and the gateway itself while it takes new ones.
    private int _inside = 1;

    private LeaseGateway(LeaseGatewaySettings settings, Func<string, int, CancellationToken, Task<Socket>> connect, TimeProvider time, IReadOnlyList<Socket> listeners)
    {
        _settings = settings;
        _connect = connect;
        _time = time;
        _listeners = listeners;
    }

    /// <summary>Where it listens, in the order of its ports.</summary>
    internal IReadOnlyList<IPEndPoint> Addresses => [.. _listeners.Select(listener => (IPEndPoint)listener.LocalEndPoint!)];

    /// <summary>Serves until cancelled, with health and figures.</summary>
    /// <param name="settings">What it needs to know.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it: it takes no new connections, and those that are open may end by themselves for a while.</param>
    /// <exception cref="InfraException">JEJU0630: a port cannot be opened.</exception>
    public static async Task RunAsync(LeaseGatewaySettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = AgentHost.CreateLoggers();
        LeaseGateway gateway = Listen(settings, (name, port, token) => ConnectAsync(settings, name, port, token), time);
        await using (gateway.ConfigureAwait(false))
        {
            StatusListener status = await StatusListener.StartAsync(
                IPAddress.Parse(settings.Address), [settings.MetricsPort, settings.StatusPort], gateway.Answer, cancellationToken).ConfigureAwait(false);
            await using (status.ConfigureAwait(false))
            {
                loggers.CreateLogger("gateway").LogInformation("leases of {Domain} on the ports {Ports}", settings.Domain, string.Join(", ", settings.Ports));
                await gateway.ServeAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Opens the ports.</summary>
    internal static LeaseGateway Listen(LeaseGatewaySettings settings, Func<string, int, CancellationToken, Task<Socket>> connect, TimeProvider time)
    {
        List<Socket> listeners = [];
        try
        {
            IPAddress address = IPAddress.Parse(settings.Address);
            foreach (int port in settings.Ports)
            {
                Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                listeners.Add(listener);
                listener.Bind(new IPEndPoint(address, port));
                listener.Listen();
            }

            return new LeaseGateway(settings, connect, time, listeners);
        }
        catch (SocketException cause)
        {
            listeners.ForEach(listener => listener.Dispose());
            throw new InfraException(
                MarketplaceErrors.InvalidAgentSettings, $"The gateway cannot open a port: {cause.Message}.", "Stop the program that uses it.", innerException: cause);
        }
    }

    /// <summary>Takes connections until cancelled; those that are open then have a while to end by themselves.</summary>
    internal async Task ServeAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = new();
        await Task.WhenAll(
            _listeners.Select((listener, place) => AcceptAsync(listener, _settings.Ports[place], cancellationToken, end.Token))).ConfigureAwait(false);
        Leave();
        await Task.WhenAny(_empty.Task, Task.Delay(_settings.Drain, _time, CancellationToken.None)).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await _empty.Task.ConfigureAwait(false);
    }

    /// <summary>Health, and on the private port the figures in Prometheus's text format (version 0.0.4).</summary>
    internal StatusPage Answer(string method, string path, bool isPrivate) => (method, path) switch
    {
        ("GET", "/health") => new(200, "text/plain", "ok"),
        ("GET", "/metrics") when isPrivate => new(200, "text/plain; version=0.0.4", Figures()),
        _ => new(404, "text/plain", isPrivate ? "There are /metrics and /health." : "There is /health."),
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (Socket listener in _listeners)
        {
            listener.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static async Task<Socket> ConnectAsync(LeaseGatewaySettings settings, string name, int port, CancellationToken cancellationToken)
    {
        Socket lease = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The dot at the end keeps the resolver from trying the pod's search list first.
            await lease.ConnectAsync($"{name}.{settings.Namespace}.svc.cluster.local.", port, cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Takes the connections of a port until told to stop.</summary>
    private async Task AcceptAsync(Socket listener, int port, CancellationToken stop, CancellationToken end)
    {
        while (true)
        {
            try
            {
                Socket client = await listener.AcceptAsync(stop).ConfigureAwait(false);
                Interlocked.Increment(ref _inside);
                _ = ServeAsync(client, port, end);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // The client was gone before it was greeted, or this process has no handle left: the next one may fare better, and a pause keeps the second case from being a busy one.
                await Task.Delay(AcceptPause, _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket client, int port, CancellationToken cancellationToken)
    {
        using Socket closing = client;
        if (Interlocked.Increment(ref _open) > _settings.MaximumConnections)
        {
            Interlocked.Decrement(ref _open);
            Interlocked.Increment(ref _turnedAway);
            Leave();
            return;
        }

        ConnectionOutcome outcome = ConnectionOutcome.Refused;
        try
        {
            // What died without a word is noticed, and a firewall in between does not forget what is only quiet.
            client.NoDelay = true;
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            outcome = await new GatewayConnection(client, _settings, (name, token) => _connect(name, port, token), _time).ServeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client hung up, said nothing for too long, or the gateway stops.
        }
        finally
        {
            Interlocked.Increment(ref _outcomes[(int)outcome]);
            Interlocked.Decrement(ref _open);
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == 0)
        {
            _empty.TrySetResult();
        }
    }

    private string Figures() => string.Create(CultureInfo.InvariantCulture, $"""
        # HELP jeju_lease_gateway_open_connections Connections that are open.
        # TYPE jeju_lease_gateway_open_connections gauge
        jeju_lease_gateway_open_connections {Volatile.Read(ref _open)}
        # HELP jeju_lease_gateway_connections_total Connections that ended, by what became of them.
        # TYPE jeju_lease_gateway_connections_total counter
        jeju_lease_gateway_connections_total{"{outcome=\"served\"}"} {Interlocked.Read(ref _outcomes[(int)ConnectionOutcome.Served])}
        jeju_lease_gateway_connections_total{"{outcome=\"refused\"}"} {Interlocked.Read(ref _outcomes[(int)ConnectionOutcome.Refused])}
        jeju_lease_gateway_connections_total{"{outcome=\"unreachable\"}"} {Interlocked.Read(ref _outcomes[(int)ConnectionOutcome.Unreachable])}
        jeju_lease_gateway_connections_total{"{outcome=\"turned away\"}"} {Interlocked.Read(ref _turnedAway)}

        """);
}
