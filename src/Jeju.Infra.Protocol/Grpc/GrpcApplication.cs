using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Google.Protobuf;
using Google.Rpc;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Jeju.Infra.Protocol.Grpc;

/// <summary>Answers one HTTP request with one gRPC call.</summary>
internal sealed class GrpcApplication(GrpcService service) : IHttpApplication<HttpContext>
{
    private const string ContentType = "application/grpc";

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith(ContentType, StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        IMessage response;
        try
        {
            var payload = await ReadMessageAsync(context.Request.BodyReader, context.RequestAborted).ConfigureAwait(false);
            response = await service.InvokeAsync(context.Request.Path, payload, context.RequestAborted).ConfigureAwait(false);
        }
        catch (GrpcStatusException exception)
        {
            WriteError(context.Response, exception);
            return;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to tell.
            context.Abort();
            return;
        }
        catch (Exception exception)
        {
            WriteError(context.Response, new GrpcStatusException(GrpcStatusCode.Unknown, exception.Message, innerException: exception));
            return;
        }

        context.Response.ContentType = ContentType;
        GrpcFraming.Write(response, context.Response.BodyWriter);
        context.Response.AppendTrailer("grpc-status", "0");
        await context.Response.CompleteAsync().ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadMessageAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        var header = new byte[GrpcFraming.HeaderLength];
        await FillAsync(reader, header, cancellationToken).ConfigureAwait(false);
        var payload = new byte[GrpcFraming.ReadHeader(header)];
        await FillAsync(reader, payload, cancellationToken).ConfigureAwait(false);
        return payload;
    }

    /// <summary>Consumes what it reads at once: HTTP/2 gives the peer a new window only for bytes that are consumed.</summary>
    private static async Task FillAsync(PipeReader reader, byte[] target, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < target.Length)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, target.Length - filled));
            part.CopyTo(target.AsSpan(filled));
            filled += (int)part.Length;
            reader.AdvanceTo(part.End);
            if (filled < target.Length && result.IsCompleted)
            {
                throw new GrpcStatusException(GrpcStatusCode.Internal, $"The request ended {target.Length - filled} bytes before its message was complete.");
            }
        }
    }

    /// <summary>An answer of headers alone: everything about the error is in them.</summary>
    private static void WriteError(HttpResponse response, GrpcStatusException exception)
    {
        response.ContentType = ContentType;
        response.Headers["grpc-status"] = ((int)exception.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = GrpcFraming.EncodeMessage(exception.Message);
        if (exception.Details.Count > 0)
        {
            var status = new Status { Code = (int)exception.StatusCode, Message = exception.Message };
            status.Details.AddRange(exception.Details);
            response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        }
    }
}
