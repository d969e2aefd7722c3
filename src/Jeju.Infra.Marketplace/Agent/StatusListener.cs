using System.Net;
using System.Net.Sockets;
using System.Text;

using Jeju.Infra.Core;

using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Jeju.Infra.Marketplace.Agent;

/// <summary>What a status page answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The content type.</param>
/// <param name="Text">The content.</param>
internal sealed record StatusPage(int Status, string Type, string Text);

/// <summary>
/// Serves small pages over HTTP. It is Kestrel and no more: an order waits for an agent that starts, and a web application's host would double that time.
/// </summary>
internal sealed class StatusListener : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly IReadOnlyList<Socket> _listeners;

    private StatusListener(KestrelServer kestrel, IReadOnlyList<Socket> listeners)
    {
        _kestrel = kestrel;
        _listeners = listeners;
    }

    /// <summary>Where it listens, in the order of the ports.</summary>
    public IReadOnlyList<IPEndPoint> Addresses => [.. _listeners.Select(listener => (IPEndPoint)listener.LocalEndPoint!)];

    /// <param name="address">The address of this host.</param>
    /// <param name="ports">The ports; 0 for any free one. The first is the private one.</param>
    /// <param name="answer">The page for a method, a path, and whether it is asked on the private port.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<StatusListener> StartAsync(
        IPAddress address, IReadOnlyList<int> ports, Func<string, string, bool, StatusPage> answer, CancellationToken cancellationToken)
    {
        List<Socket> listeners = [];
        try
        {
            foreach (int port in ports)
            {
                listeners.Add(Listen(address, port));
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
            await kestrel.StartAsync(new Pages(answer, ((IPEndPoint)listeners[0].LocalEndPoint!).Port), cancellationToken).ConfigureAwait(false);
            return new StatusListener(kestrel, listeners);
        }
        catch
        {
            listeners.ForEach(listener => listener.Dispose());
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
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
                $"The status port {port} cannot be opened: {cause.Message}.",
                "Stop the program that uses it, or set statusPort to 0 for any free port.",
                innerException: cause);
        }
    }

    private sealed class Pages(Func<string, string, bool, StatusPage> answer, int privatePort) : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
            // Kestrel disposes of its own features.
        }

        public async Task ProcessRequestAsync(IFeatureCollection context)
        {
            IHttpRequestFeature request = context.GetRequiredFeature<IHttpRequestFeature>();
            StatusPage page = answer(request.Method, request.Path, context.GetRequiredFeature<IHttpConnectionFeature>().LocalPort == privatePort);
            byte[] body = Encoding.UTF8.GetBytes(page.Text);
            IHttpResponseFeature response = context.GetRequiredFeature<IHttpResponseFeature>();
            response.StatusCode = page.Status;
            response.Headers.ContentType = page.Type;
            response.Headers.ContentLength = body.Length;
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body).ConfigureAwait(false);
        }
    }
}
