namespace Jeju.Infra.Core;

/// <summary>
/// The endpoints of a stack with everything that is derived from them. The table is the only place that knows a host name.
/// </summary>
public sealed class EndpointTable
{
    private EndpointTable(string zone, IReadOnlyList<Endpoint> endpoints, string? standbyZone = null)
    {
        Zone = zone;
        Endpoints = endpoints;
        StandbyZone = standbyZone;
    }

    /// <summary>The DNS zone, for example <c>testnet.jejunetwork.org</c>.</summary>
    public string Zone { get; }

    /// <summary>
    /// The zone of another cloud for which this one stands by: it answers to those names as well, and gets their requests once the other cloud has no healthy target. None where absent.
    /// </summary>
    public string? StandbyZone { get; }

    /// <summary>All endpoints, in the order of their declaration.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>Those behind the load balancer: everything but the sites that the CDN serves from a bucket.</summary>
    public IEnumerable<Endpoint> Routed => Endpoints.Where(endpoint => !endpoint.Cached);

    /// <summary>Those that the load balancer routes to from the internet.</summary>
    public IEnumerable<Endpoint> Public => Routed.Where(endpoint => endpoint.Exposure == EndpointExposure.Public);

    /// <summary>Those that only the stack's own networks reach, at the addresses of their pods.</summary>
    public IEnumerable<Endpoint> Internal => Routed.Where(endpoint => endpoint.Exposure == EndpointExposure.Internal);

    /// <summary>The sites that the CDN serves.</summary>
    public IEnumerable<Endpoint> Sites => Endpoints.Where(endpoint => endpoint.Cached);

    /// <summary>Hosts that stand for one leased service each: the gateway looks their JNS name up on chain and passes requests on to the endpoint that it finds.</summary>
    public IReadOnlyDictionary<string, string> NamedHosts => NamedEndpoints.ToDictionary(
        name => Endpoints.Single(endpoint => endpoint.Name == name).HostIn(Zone), name => $"{name}.jeju", StringComparer.Ordinal);

    /// <summary>The table of a zone.</summary>
    /// <exception cref="InfraException">JEJU0710: the zone is no host name; JEJU0711: two endpoints share a name or a host.</exception>
    public static EndpointTable For(string zone) => Create(zone, Declared);

    /// <summary>The same table, in front of an execution client: geth answers a plain request with 200, Reth takes calls alone.</summary>
    /// <param name="client">The execution client.</param>
    public EndpointTable InFrontOf(ExecutionClient client) => new(
        Zone,
        [.. Endpoints.Select(endpoint => endpoint.Service == WorkloadNames.Execution ? endpoint with { AnswersPlainRequests = client == ExecutionClient.OpGeth } : endpoint)],
        StandbyZone);

    /// <summary>
    /// The endpoint that is asked how the service behind this one is: itself, but for a WebSocket, whose port answers no plain request, and for a host that stands for many names; then
    /// another one with the same pods is asked.
    /// </summary>
    /// <param name="endpoint">An endpoint behind the load balancer.</param>
    public Endpoint AskedFor(Endpoint endpoint) => Speaks(endpoint)
        ? endpoint
        : Public.FirstOrDefault(other => other.Service == endpoint.Service && Speaks(other)) ?? endpoint;

    private static bool Speaks(Endpoint endpoint) => endpoint.Protocol != EndpointProtocol.WebSocket && !endpoint.IsWildcard;

    /// <summary>The same table, standing by for another zone.</summary>
    /// <param name="zone">The zone that another cloud answers for.</param>
    public EndpointTable StandingByFor(string zone) => new(Zone, Endpoints, zone);

    /// <summary>Every name under which an endpoint answers: that of its own zone first.</summary>
    public IReadOnlyList<string> HostsOf(Endpoint endpoint) =>
        StandbyZone is null ? [endpoint.HostIn(Zone)] : [endpoint.HostIn(Zone), endpoint.HostIn(StandbyZone)];

    /// <summary>A table of given endpoints, checked.</summary>
    /// <inheritdoc cref="For" path="/exception"/>
    public static EndpointTable Create(string zone, IReadOnlyList<Endpoint> endpoints)
    {
        if (Uri.CheckHostName(zone) != UriHostNameType.Dns || !zone.Contains('.', StringComparison.Ordinal))
        {
            throw new InfraException(
                new ErrorCode(710), $"The zone '{zone}' is not a DNS name.", "Give a name such as testnet.jejunetwork.org.", FailureKind.Usage);
        }

        foreach (IGrouping<string, Endpoint> twice in endpoints.GroupBy(endpoint => endpoint.Name)
            .Concat(endpoints.GroupBy(endpoint => endpoint.HostLabel)).Where(group => group.Count() > 1))
        {
            throw new InfraException(
                new ErrorCode(711),
                $"Two endpoints are called '{twice.Key}'.",
                "An endpoint is declared once; give the other one its own name and host.",
                FailureKind.Usage);
        }

        return new EndpointTable(zone, endpoints);
    }

    /// <summary>
    /// The names a certificate must carry: each host once, without those that a wildcard in the list covers. A wildcard covers one label
    /// (RFC 6125, section 6.4.3), so <c>*.zone</c> does not cover <c>*.jns.zone</c>.
    /// </summary>
    public IReadOnlyList<string> CertificateNames() =>
        Uncovered(Endpoints.Where(endpoint => endpoint.Exposure == EndpointExposure.Public).Select(endpoint => endpoint.HostIn(Zone)));

    /// <summary>
    /// The same with a wildcard for each level, however many hosts there are: Certificate Manager of AWS gives an account certificates of ten names, and more only on request (ACM user guide, "Quotas"). What
    /// answers is decided by the routes: a host without one gets 404.
    /// </summary>
    public IReadOnlyList<string> WildcardNames() =>
        [.. Endpoints.Where(endpoint => endpoint.Exposure == EndpointExposure.Public).Select(endpoint => endpoint.HostIn(Zone)).Select(host => $"*{host[host.IndexOf('.', StringComparison.Ordinal)..]}").Distinct()];

    /// <summary>The names of the zone stood by for that a certificate must carry as well; none where there is no such zone.</summary>
    public IReadOnlyList<string> StandbyCertificateNames() => StandbyZone is null ? [] : Uncovered(Public.Concat(Sites).Select(endpoint => endpoint.HostIn(StandbyZone)));

    private static IReadOnlyList<string> Uncovered(IEnumerable<string> names)
    {
        List<string> hosts = [.. names];
        HashSet<string> wildcards = [.. hosts.Where(host => host.StartsWith("*.", StringComparison.Ordinal))];
        return [.. hosts.Where(host => wildcards.Contains(host) || !wildcards.Any(wildcard => Covers(wildcard, host))).Distinct()];
    }

    /// <summary>Whether a certificate name covers a host.</summary>
    public static bool Covers(string certificateName, string host)
    {
        if (!certificateName.StartsWith("*.", StringComparison.Ordinal))
        {
            return string.Equals(certificateName, host, StringComparison.OrdinalIgnoreCase);
        }

        int firstDot = host.IndexOf('.', StringComparison.Ordinal);
        return firstDot > 0 && string.Equals(host[firstDot..], certificateName[1..], StringComparison.OrdinalIgnoreCase);
    }

    private static IReadOnlyList<string> NamedEndpoints { get; } = ["git", "storage"];

    private static IReadOnlyList<Endpoint> Declared { get; } =
    [
        Routing("rpc", "op-geth", 8545, RateClass.Rpc, "/"),
        Routing("ws", "op-geth", 8546, RateClass.Rpc, "/", EndpointProtocol.WebSocket),
        Routing("api", "gateway", 4000, RateClass.Api) with { TakesPayloads = true },
        Routing("indexer", "indexer", 4350, RateClass.Api),
        Routing("bundler", "bundler", 4337, RateClass.Rpc),
        Routing("dws", "dws-agent", 4030, RateClass.Api),
        Routing("storage", "gateway", 4000, RateClass.Content) with { TakesPayloads = true },
        Routing("git", "gateway", 4000, RateClass.Content) with { TakesPayloads = true },
        Routing("jns", "gateway", 4000, RateClass.Content),
        Routing("jns-names", "gateway", 4000, RateClass.Content) with { HostLabel = "*.jns" },
        Routing("relay", "messaging-relay", 3200, RateClass.Api) with { TakesPayloads = true },
        Routing("kms", "messaging-kms", 3300, RateClass.Api) with { Exposure = EndpointExposure.Internal },
        Routing("hub", "farcaster-hub", 3381, RateClass.Api, "/v1/info") with { TakesPayloads = true },
        Routing("explorer", "indexer", 4350, RateClass.Content),
        Site("assets"),
        Site("gateway"),
        Site("bazaar"),
        Site("docs"),
    ];

    private static Endpoint Routing(
        string name, string service, int port, RateClass rateClass, string healthPath = "/health", EndpointProtocol protocol = EndpointProtocol.Http) =>
        new(name, name, service, port, protocol, healthPath, EndpointExposure.Public, false, rateClass) { TakesPayloads = rateClass == RateClass.Rpc };

    private static Endpoint Site(string name) =>
        new(name, name, name, 443, EndpointProtocol.Http, "/index.html", EndpointExposure.Public, true, RateClass.Content);
}
