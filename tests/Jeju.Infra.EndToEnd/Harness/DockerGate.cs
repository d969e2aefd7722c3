using System.Net.Sockets;
using System.Text;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.EndToEnd.Harness;

/// <summary>A socket in front of the Docker Engine's own, which can be shut: to those behind it the engine has stopped, while nobody else notices.</summary>
internal sealed class DockerGate : IAsyncDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"jeju-{Path.GetRandomFileName()}.sock");
    private readonly List<Socket> _open = [];
    private readonly List<Task> _running = [];
    private string? _shutsAt;
    private Socket? _listener;

    public DockerGate() => Open();

    /// <summary>The value for <c>DOCKER_HOST</c>.</summary>
    public string Address => $"unix://{_path}";

    /// <summary>Whether it is shut.</summary>
    public bool IsShut => _listener is null;

    /// <summary>Shuts it as soon as somebody sends this, which the engine then never sees.</summary>
    public void ShutAt(string request) => _shutsAt = request;

    /// <summary>Opens it again.</summary>
    public void Open()
    {
        File.Delete(_path);
        _shutsAt = null;
        Socket listener = _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen(64);
        _running.Add(AcceptAsync(listener));
    }

    public async ValueTask DisposeAsync()
    {
        Shut();
        await Task.WhenAll(_running);
    }

    private void Shut()
    {
        lock (_open)
        {
            _listener?.Dispose();
            _listener = null;
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
            File.Delete(_path);
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        List<Task> pipes = [];
        while (await TryAcceptAsync(listener) is { } client)
        {
            Socket engine = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await engine.ConnectAsync(new UnixDomainSocketEndPoint(DockerEngine.DefaultSocketPath));
            lock (_open)
            {
                _open.AddRange([client, engine]);
            }

            pipes.Add(PipeAsync(client, engine, inspected: true));
            pipes.Add(PipeAsync(engine, client, inspected: false));
        }

        await Task.WhenAll(pipes);
    }

    private static async Task<Socket?> TryAcceptAsync(Socket listener)
    {
        try
        {
            return await listener.AcceptAsync();
        }
        catch (Exception shut) when (shut is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task PipeAsync(Socket from, Socket to, bool inspected)
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int count)
            {
                if (inspected && _shutsAt is { } request && Encoding.ASCII.GetString(buffer, 0, count).Contains(request, StringComparison.Ordinal))
                {
                    Shut();
                    return;
                }

                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception shut) when (shut is SocketException or ObjectDisposedException)
        {
            // One of the two has gone, or the gate was shut.
        }
    }
}
