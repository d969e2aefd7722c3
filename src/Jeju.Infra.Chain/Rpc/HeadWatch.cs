using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Jeju.Infra.Chain;

/// <summary>
/// Follows new blocks over one WebSocket subscription. A reader remembers the sequence number it has seen, does its work, and waits for a
/// later one, so nothing is missed between two waits. When the connection breaks it is made again, and counts as a new block: blocks may have
/// come in between.
/// </summary>
internal sealed class HeadWatch : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly byte[] Subscribe = """{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}"""u8.ToArray();

    private readonly Uri _uri;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sequence;
    private Task? _loop;
    private bool _isDisposed;

    internal HeadWatch(Uri uri, TimeProvider time)
    {
        _uri = uri;
        _time = time;
    }

    /// <summary>Raised after the connection broke; the argument is the cause.</summary>
    internal event Action<Exception>? Disconnected;

    /// <summary>Grows with every new block and with every new connection.</summary>
    internal long Sequence => Interlocked.Read(ref _sequence);

    /// <summary>Starts the subscription, and returns once the node has confirmed it.</summary>
    internal Task StartAsync(CancellationToken cancellationToken)
    {
        Task connected;
        lock (_gate)
        {
            _loop ??= Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
            connected = _connected.Task;
        }

        return connected.WaitAsync(cancellationToken);
    }

    /// <summary>Returns when the sequence is beyond what the caller has seen.</summary>
    internal Task WaitAsync(long seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _sequence > seen ? Task.CompletedTask : _next.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        if (_loop is not null)
        {
            await _loop.ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan retry = FirstRetry;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => retry = FirstRetry, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is WebSocketException or IOException or JsonException or HttpRequestException)
            {
                Disconnected?.Invoke(exception);
            }

            try
            {
                await Task.Delay(retry, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    private async Task ListenAsync(Action confirmed, CancellationToken cancellationToken)
    {
        using ClientWebSocket socket = new();
        socket.Options.KeepAliveInterval = KeepAlive;
        socket.Options.KeepAliveTimeout = KeepAlive;
        await socket.ConnectAsync(_uri, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(Subscribe, WebSocketMessageType.Text, endOfMessage: true, cancellationToken).ConfigureAwait(false);
        ArrayBufferWriter<byte> message = new();
        while (true)
        {
            message.ResetWrittenCount();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken).ConfigureAwait(false);
                if (part.MessageType is WebSocketMessageType.Close)
                {
                    throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, "The node closed the subscription.");
                }

                message.Advance(part.Count);
            }
            while (!part.EndOfMessage);

            using JsonDocument document = JsonDocument.Parse(message.WrittenMemory);
            if (document.RootElement.TryGetProperty("error", out JsonElement error))
            {
                throw new WebSocketException(WebSocketError.UnsupportedProtocol, $"The node refused the subscription: {error}");
            }

            confirmed();
            Advance();
        }
    }

    private void Advance()
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            _sequence++;
            done = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _connected.TrySetResult();
        done.TrySetResult();
    }
}
