using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Jeju.Infra.Core;
using Polly;
using Polly.Retry;

namespace Jeju.Infra.Chain;

/// <summary>One JSON-RPC call.</summary>
internal sealed record RpcCall(string Method, params object?[] Parameters);

/// <summary>The answer to one call of a batch: a result or the node's error.</summary>
internal readonly record struct RpcReply(JsonElement Result, RpcException? Error)
{
    internal JsonElement Required => Error is null ? Result : throw Error;
}

/// <summary>
/// JSON-RPC over HTTP. Several calls travel in one request, each request below one megabyte and a hundred calls, which is what public nodes
/// accept. A node that says "too many requests" is asked again later; any other failure is the caller's to judge.
/// </summary>
/// <remarks>
/// Encoding, signing and typed data are Nethereum's. Its RPC client is not used: its calls take no cancellation token, its batches are not
/// divided by size, and a node that asks for patience gets none.
/// </remarks>
internal sealed class JsonRpcTransport : IDisposable
{
    private const int MaximumBatchBytes = 900_000;
    private const int MaximumBatchCalls = 100;
    private const int MaximumAttempts = 6;

    private readonly Uri _uri;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;

    internal JsonRpcTransport(Uri uri, TimeProvider time)
    {
        _uri = uri;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) })
        {
            // A hosted node may think long about a wide question; one of this machine that is silent for so long hangs.
            Timeout = TimeSpan.FromSeconds(uri.IsLoopback ? 30 : 100),
        };
        _retries = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MaximumAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(250),
                UseJitter = true,
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable),
                DelayGenerator = static arguments => ValueTask.FromResult(arguments.Outcome.Result?.Headers.RetryAfter?.Delta),
            })
            .Build();
    }

    public void Dispose() => _http.Dispose();

    internal async Task<JsonElement> SendAsync(RpcCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> replies = await SendAsync([call], cancellationToken).ConfigureAwait(false);
        return replies[0].Required;
    }

    /// <summary>Sends calls in as few requests as the limits allow; the answers are in the order of the calls.</summary>
    internal async Task<IReadOnlyList<RpcReply>> SendAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        RpcReply[] replies = new RpcReply[calls.Count];
        ArrayBufferWriter<byte> body = new();
        int first = 0;
        for (int index = 0; index < calls.Count; index++)
        {
            byte[] encoded = Encode(calls[index], index);
            if (index > first && (body.WrittenCount + encoded.Length > MaximumBatchBytes || index - first == MaximumBatchCalls))
            {
                await PostAsync(body, calls, replies, cancellationToken).ConfigureAwait(false);
                body.ResetWrittenCount();
                first = index;
            }

            body.Write(index == first ? "["u8 : ","u8);
            body.Write(encoded);
        }

        if (calls.Count > first)
        {
            await PostAsync(body, calls, replies, cancellationToken).ConfigureAwait(false);
        }

        return replies;
    }

    private static byte[] Encode(RpcCall call, int id)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WriteNumber("id", id);
            writer.WriteString("method", call.Method);
            writer.WritePropertyName("params");
            JsonSerializer.Serialize(writer, call.Parameters);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private async Task PostAsync(
        ArrayBufferWriter<byte> body, IReadOnlyList<RpcCall> calls, RpcReply[] replies, CancellationToken cancellationToken)
    {
        body.Write("]"u8);
        byte[] bytes = body.WrittenSpan.ToArray();
        JsonElement answer;
        try
        {
            using HttpResponseMessage response = await _retries.ExecuteAsync(
                async token =>
                {
                    using ByteArrayContent content = new(bytes);
                    content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    return await _http.PostAsync(_uri, content, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            using JsonDocument document = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), default, cancellationToken).ConfigureAwait(false);
            answer = document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ChainErrors.Unreachable(_uri, exception);
        }

        Read(answer, calls, replies);
    }

    private void Read(JsonElement answer, IReadOnlyList<RpcCall> calls, RpcReply[] replies)
    {
        if (answer.ValueKind is not JsonValueKind.Array)
        {
            // A node that refuses the whole batch answers with one error.
            throw answer.TryGetProperty("error", out JsonElement refusal)
                ? Error(calls.Count == 1 ? calls[0].Method : "batch", refusal)
                : ChainErrors.Unreachable(_uri, new FormatException("The answer to a batch is not a list."));
        }

        foreach (JsonElement reply in answer.EnumerateArray())
        {
            int id = reply.GetProperty("id").GetInt32();
            replies[id] = reply.TryGetProperty("error", out JsonElement error)
                ? new RpcReply(default, Error(calls[id].Method, error))
                : new RpcReply(reply.GetProperty("result"), null);
        }
    }

    internal static RpcException Error(string method, JsonElement error)
    {
        byte[] data = error.TryGetProperty("data", out JsonElement value) && value.ValueKind is JsonValueKind.String
            && value.GetString() is { } text && text.StartsWith("0x", StringComparison.Ordinal)
                ? Hex.Bytes(text)
                : [];
        return new RpcException(method, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString() ?? string.Empty, data);
    }
}
