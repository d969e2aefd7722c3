namespace Jeju.Infra.Core;

/// <summary>What an endpoint speaks; it decides how the load balancer talks to its target.</summary>
public enum EndpointProtocol
{
    /// <summary>HTTP/1.1 or HTTP/2 behind the edge's TLS.</summary>
    Http,

    /// <summary>WebSocket: long-lived, so the edge's idle timeout is raised.</summary>
    WebSocket,

    /// <summary>gRPC over HTTP/2.</summary>
    Grpc,
}

/// <summary>From where an endpoint can be reached.</summary>
public enum EndpointExposure
{
    /// <summary>The internet, through the edge.</summary>
    Public,

    /// <summary>The stack's own networks only.</summary>
    Internal,
}

/// <summary>Which request limit and body limit of the web application firewall applies.</summary>
public enum RateClass
{
    /// <summary>JSON-RPC, asked by machines all the time.</summary>
    Rpc,

    /// <summary>Application programming interfaces.</summary>
    Api,

    /// <summary>Pages and assets.</summary>
    Content,
}

/// <summary>
/// One endpoint, declared once. The DNS record, the certificate's names, the load balancer's rule and target, the cluster's route, the firewall's
/// limits, the CDN's origin, the health check, the uptime alarm and the outputs' table are all derived from it, so none of them can disagree.
/// </summary>
/// <param name="Name">Stable name, the key of outputs and the stem of resource names, for example <c>rpc</c>.</param>
/// <param name="HostLabel">The label below the zone, for example <c>rpc</c> or <c>*.jns</c>.</param>
/// <param name="Service">The Kubernetes service behind it; for a site on the CDN, the name of the site's bucket folder.</param>
/// <param name="Port">The service's port, 1 to 65535; 443 for a site on the CDN.</param>
/// <param name="Protocol">What it speaks.</param>
/// <param name="HealthPath">The path that answers 200 when the service itself is ready, whatever its upstreams do.</param>
/// <param name="Exposure">From where it can be reached.</param>
/// <param name="Cached">Whether the CDN serves it.</param>
/// <param name="RateClass">Which limits apply.</param>
public sealed record Endpoint(
    string Name,
    string HostLabel,
    string Service,
    int Port,
    EndpointProtocol Protocol,
    string HealthPath,
    EndpointExposure Exposure,
    bool Cached,
    RateClass RateClass)
{
    /// <summary>
    /// Whether a plain request for <see cref="HealthPath"/> is answered with 200. Where not, the server takes calls alone and refuses every plain request with 405, which says no more than that it is there.
    /// </summary>
    public bool AnswersPlainRequests { get; init; } = true;

    /// <summary>
    /// Whether programs send it what they make: calls with contracts in them, packs of git, files, messages. Such requests are larger than a form, look like anything, and name no browser, so the firewall's rules about
    /// bodies and browsers are lifted here.
    /// </summary>
    public bool TakesPayloads { get; init; }

    /// <summary>The full host name in a zone, for example <c>rpc.testnet.jejunetwork.org</c>.</summary>
    public string HostIn(string zone) => $"{HostLabel}.{zone}";

    /// <summary>Whether the host stands for many names.</summary>
    public bool IsWildcard => HostLabel.StartsWith("*.", StringComparison.Ordinal);
}
