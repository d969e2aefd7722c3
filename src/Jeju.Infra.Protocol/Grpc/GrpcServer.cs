using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Jeju.Infra.Protocol.Grpc;

/// <summary>
/// A gRPC server on loopback: Kestrel with HTTP/2 in plain text, as all of Pulumi's processes talk to each other.
/// The port is bound and listened on in the constructor, so that a peer can be started while Kestrel starts.
/// </summary>
public sealed class GrpcServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly KestrelServer _kestrel;
    private readonly GrpcApplication _application;

    /// <summary>Binds a port of the system's choice on 127.0.0.1.</summary>
    /// <param name="service">What the server answers.</param>
    public GrpcServer(GrpcService service)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;

        var kestrelOptions = new KestrelServerOptions { AddServerHeader = false };
        kestrelOptions.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = HttpProtocols.Http2);
        // A property may hold a file: Pulumi allows 400 MiB per message.
        kestrelOptions.Limits.MaxRequestBodySize = null;
        kestrelOptions.Limits.MinRequestBodyDataRate = null;
        kestrelOptions.Limits.MinResponseDataRate = null;
        // The official SDK opens up to 100 streams before it reads our settings; with less it fails instead of waiting.
        kestrelOptions.Limits.Http2.MaxStreamsPerConnection = 1000;
        kestrelOptions.Limits.Http2.InitialConnectionWindowSize = 16 * 1024 * 1024;
        kestrelOptions.Limits.Http2.InitialStreamWindowSize = 4 * 1024 * 1024;

        var transport = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions { CreateBoundListenSocket = _ => _listener, NoDelay = true }),
            NullLoggerFactory.Instance);
        _kestrel = new KestrelServer(Options.Create(kestrelOptions), transport, NullLoggerFactory.Instance);
        _application = new GrpcApplication(service);
    }

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The address as Pulumi writes it: host and port, no scheme.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Begins to answer.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _kestrel.StartAsync(_application, cancellationToken);

    /// <summary>Takes no more calls and waits for the running ones, until <paramref name="cancellationToken"/> ends the patience.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _kestrel.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _kestrel.Dispose();
        _listener.Dispose();
    }
}
