using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Rpc;

namespace Jeju.Infra.Protocol.Grpc;

/// <summary>A gRPC client for one peer on this machine: HTTP/2 in plain text, no proxy, no deadline of its own.</summary>
public sealed class GrpcClient : IDisposable
{
    private static readonly MediaTypeHeaderValue GrpcContentType = new("application/grpc");

    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _baseAddress;

    /// <summary>Makes a client; it connects with the first call.</summary>
    /// <param name="address">Host and port, without a scheme, as Pulumi hands addresses around.</param>
    public GrpcClient(string address)
    {
        Address = address;
        _baseAddress = new Uri($"http://{address}", UriKind.Absolute);
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // HTTP_PROXY would capture loopback addresses too.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // A plugin that reports a partial create sends inputs and outputs in a header.
            MaxResponseHeadersLength = 65536,
        });
    }

    /// <summary>Host and port of the peer.</summary>
    public string Address { get; }

    /// <summary>Calls a method and waits for its answer, however long that takes.</summary>
    /// <exception cref="GrpcStatusException">The call ended with another status than OK, or the peer could not be reached (Unavailable).</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_baseAddress, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new FrameContent(request),
        };
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));

        try
        {
            using var response = await _invoker.SendAsync(message, cancellationToken).ConfigureAwait(false);
            ThrowOnError(response.StatusCode, response.Headers, method.Path);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            ThrowOnError(response.StatusCode, response.TrailingHeaders, method.Path);
            if (body.Length < GrpcFraming.HeaderLength || GrpcFraming.ReadHeader(body) != body.Length - GrpcFraming.HeaderLength)
            {
                throw new GrpcStatusException(GrpcStatusCode.Internal, $"{Address}{method.Path} answered with {body.Length} bytes that are not one message.");
            }

            return GrpcFraming.Parse(method.ResponseParser, body.AsMemory(GrpcFraming.HeaderLength));
        }
        catch (HttpRequestException exception)
        {
            throw new GrpcStatusException(
                GrpcStatusCode.Unavailable, $"{Address}{method.Path} could not be reached: {exception.Message}", innerException: exception);
        }
        catch (IOException exception)
        {
            throw new GrpcStatusException(
                GrpcStatusCode.Unavailable, $"{Address}{method.Path} broke off: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _invoker.Dispose();

    private static void ThrowOnError(HttpStatusCode httpStatus, HttpResponseHeaders headers, string path)
    {
        if (httpStatus != HttpStatusCode.OK)
        {
            throw new GrpcStatusException(GrpcStatusCode.Internal, $"{path} was answered with HTTP status {(int)httpStatus}: the peer speaks no gRPC.");
        }

        var status = First(headers, "grpc-status");
        if (status is null or "0")
        {
            return;
        }

        var code = int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 16
            ? (GrpcStatusCode)number
            : GrpcStatusCode.Unknown;
        var details = First(headers, "grpc-status-details-bin") is { } packed
            ? GrpcFraming.Parse(Status.Parser, GrpcFraming.DecodeBinaryHeader(packed))
            : new Status();
        // The text in the details is whole; the one in the header may have been cut.
        var text = details.Message.Length > 0 ? details.Message : GrpcFraming.DecodeMessage(First(headers, "grpc-message") ?? "");
        throw new GrpcStatusException(code, text, [.. details.Details], innerException: null);
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private sealed class FrameContent : HttpContent
    {
        private readonly byte[] _frame;

        public FrameContent(IMessage message)
        {
            var writer = new System.Buffers.ArrayBufferWriter<byte>(message.CalculateSize() + GrpcFraming.HeaderLength);
            GrpcFraming.Write(message, writer);
            _frame = writer.WrittenSpan.ToArray();
            Headers.ContentType = GrpcContentType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            await stream.WriteAsync(_frame, cancellationToken).ConfigureAwait(false);

        protected override bool TryComputeLength(out long length)
        {
            // A gRPC peer sees no content-length; the end of the stream ends the message.
            length = 0;
            return false;
        }
    }
}
