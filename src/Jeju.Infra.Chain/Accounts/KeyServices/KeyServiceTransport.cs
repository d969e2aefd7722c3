using System.Net;
using System.Text;
using System.Text.Json;
using Jeju.Infra.Core;
using Polly;
using Polly.Retry;

namespace Jeju.Infra.Chain.KeyServices;

/// <summary>The answer of a service.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Body">Its text.</param>
/// <param name="RetryAfter">When the service wants to be asked again.</param>
internal sealed record ServiceAnswer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)
{
    internal bool Succeeded => (int)Status is >= 200 and < 300;

    /// <summary>The answer as JSON; null where it is none.</summary>
    internal JsonElement? Json
    {
        get
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(Body);
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>A text of the answer; null where it is absent.</summary>
    internal string? Text(string property) =>
        Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(property, out JsonElement value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>
/// Requests to key and token services. One that is throttled or fails on its side is repeated with growing pauses; each attempt is made anew,
/// because its signature contains the time.
/// </summary>
internal sealed class KeyServiceTransport : IDisposable
{
    private const int MaximumAttempts = 5;

    // What AWS says in the body of a 400 when it should have been a 429.
    private static readonly string[] Passing = ["ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "LimitExceededException"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1) }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ResiliencePipeline<ServiceAnswer> _retries;

    internal KeyServiceTransport(TimeProvider time) => _retries = new ResiliencePipelineBuilder<ServiceAnswer> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<ServiceAnswer>
        {
            MaxRetryAttempts = MaximumAttempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            UseJitter = true,
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer && IsPassing(answer)),
            DelayGenerator = static arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
        })
        .Build();

    public void Dispose() => _http.Dispose();

    /// <summary>Asks a service.</summary>
    /// <param name="service">The service, for messages.</param>
    /// <param name="request">Makes the request of one attempt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InfraException">JEJU0314: the service does not answer.</exception>
    internal async Task<ServiceAnswer> SendAsync(string service, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        try
        {
            return await _retries.ExecuteAsync(
                async token =>
                {
                    using HttpRequestMessage message = request();
                    using HttpResponseMessage response = await _http.SendAsync(message, token).ConfigureAwait(false);
                    return new ServiceAnswer(
                        response.StatusCode, await response.Content.ReadAsStringAsync(token).ConfigureAwait(false), response.Headers.RetryAfter?.Delta);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new InfraException(
                ChainErrors.KeyServiceCode,
                $"{service} does not answer: {exception.Message}",
                "Check the network, and the region of the key.",
                innerException: exception);
        }
    }

    /// <summary>A body of JSON. The content type is exactly what the services sign for.</summary>
    internal static ByteArrayContent Body(byte[] bytes, string contentType)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    internal static byte[] Encode(IReadOnlyDictionary<string, object> body) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body));

    private static bool IsPassing(ServiceAnswer answer) => answer.Status is HttpStatusCode.TooManyRequests || (int)answer.Status >= 500
        || (answer.Status is HttpStatusCode.BadRequest && Passing.Any(name => answer.Body.Contains(name, StringComparison.Ordinal)));
}
