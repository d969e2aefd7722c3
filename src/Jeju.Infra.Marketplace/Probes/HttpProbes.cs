using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Probes;

/// <summary>What the probes over HTTP share: one request, an answer of bounded size, and a failure that is a result.</summary>
internal abstract class HttpProbeBase : IServiceProbe
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
    })
    {
        MaxResponseContentBufferSize = 1024 * 1024,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<ProbeResult> ProbeAsync(ServiceEndpoint endpoint, ServiceCredentials credentials, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(new UriBuilder(Uri.UriSchemeHttp, endpoint.Host, endpoint.Port).Uri);
        string basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        try
        {
            using HttpResponseMessage response = await Client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                return ProbeResult.Refusing($"HTTP {(int)response.StatusCode}");
            }

            return response.StatusCode == HttpStatusCode.OK
                ? await JudgeAsync(response.Content, cancellationToken).ConfigureAwait(false)
                : ProbeResult.Silent($"HTTP {(int)response.StatusCode}");
        }
        catch (HttpRequestException cause)
        {
            return ProbeResult.Silent(cause.GetBaseException().Message);
        }
        catch (JsonException cause)
        {
            return ProbeResult.Silent($"the answer is not JSON: {cause.Message}");
        }
    }

    protected abstract HttpRequestMessage Request(Uri service);

    protected abstract Task<ProbeResult> JudgeAsync(HttpContent content, CancellationToken cancellationToken);
}

/// <summary>GET gives status 200.</summary>
internal sealed class HttpProbe : HttpProbeBase
{
    protected override HttpRequestMessage Request(Uri service) => new(HttpMethod.Get, service);

    protected override Task<ProbeResult> JudgeAsync(HttpContent content, CancellationToken cancellationToken) =>
        Task.FromResult(ProbeResult.Serving);
}

/// <summary>A JSON-RPC call without parameters gives a result that means "I serve".</summary>
internal sealed class JsonRpcProbe(string method, Func<JsonElement, bool> accepts) : HttpProbeBase
{
    protected override HttpRequestMessage Request(Uri service) => new(HttpMethod.Post, service)
    {
        Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method, @params = Array.Empty<object>() }),
    };

    protected override async Task<ProbeResult> JudgeAsync(HttpContent content, CancellationToken cancellationToken)
    {
        JsonElement answer = await content.ReadFromJsonAsync<JsonElement>(cancellationToken).ConfigureAwait(false);
        if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("result", out JsonElement result) && IsAccepted(result))
        {
            return ProbeResult.Serving;
        }

        return ProbeResult.Silent($"{method} gave no healthy result");
    }

    private bool IsAccepted(JsonElement result)
    {
        try
        {
            return accepts(result);
        }
        catch (InvalidOperationException)
        {
            // The result is of another JSON type than a healthy service gives.
            return false;
        }
    }
}

/// <summary>The IPFS node's own API gives its id.</summary>
internal sealed class IpfsProbe : HttpProbeBase
{
    protected override HttpRequestMessage Request(Uri service) => new(HttpMethod.Post, new Uri(service, "/api/v0/id"));

    protected override async Task<ProbeResult> JudgeAsync(HttpContent content, CancellationToken cancellationToken)
    {
        JsonElement answer = await content.ReadFromJsonAsync<JsonElement>(cancellationToken).ConfigureAwait(false);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("ID", out _)
            ? ProbeResult.Serving
            : ProbeResult.Silent("the node does not tell its id");
    }
}
