namespace Jeju.Infra.Core;

/// <summary>The way from a host name to the pods of a service.</summary>
/// <param name="Endpoint">The endpoint that it is derived from.</param>
/// <param name="Host">The full host name.</param>
/// <param name="Namespace">The service's namespace.</param>
public sealed record ClusterRoute(Endpoint Endpoint, string Host, string Namespace);

/// <summary>How the load balancer asks the pods of a service whether they are ready, and what it allows them: Google Cloud decides both by service, not by route.</summary>
/// <param name="Service">The service.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="HealthPort">The port that is asked.</param>
/// <param name="HealthPath">The path that answers 200 when the service itself is ready.</param>
/// <param name="AnswersPlainRequests">Whether it answers at all; where not, a connection has to be enough.</param>
/// <param name="TimeoutSeconds">How long an answer, or a WebSocket, may last.</param>
public sealed record RoutedService(string Service, string Namespace, int HealthPort, string HealthPath, bool AnswersPlainRequests, int TimeoutSeconds);

/// <summary>The routes of a cluster, derived from the endpoints: one for each host.</summary>
public static class ClusterRoutes
{
    private const int AnswerSeconds = 60;
    private const int SubscriptionSeconds = 3600;

    /// <summary>The routes from the internet.</summary>
    /// <exception cref="InfraException">JEJU0740: a service lives in no namespace.</exception>
    public static IReadOnlyList<ClusterRoute> Public(EndpointTable table) => [.. table.Public.Select(endpoint => Of(table, endpoint))];

    /// <summary>The routes from inside the stack's networks, straight to the pods.</summary>
    /// <inheritdoc cref="Public" path="/exception"/>
    public static IReadOnlyList<ClusterRoute> Internal(EndpointTable table) => [.. table.Internal.Select(endpoint => Of(table, endpoint))];

    /// <summary>The services behind the public routes, each once. A WebSocket port answers no plain question, so its service is asked on its other port.</summary>
    /// <inheritdoc cref="Public" path="/exception"/>
    public static IReadOnlyList<RoutedService> Services(EndpointTable table) =>
    [
        .. Public(table).GroupBy(route => (route.Namespace, route.Endpoint.Service)).Select(routes =>
        {
            Endpoint asked = table.AskedFor(routes.First().Endpoint);
            bool subscribes = routes.Any(route => route.Endpoint.Protocol == EndpointProtocol.WebSocket);
            return new RoutedService(routes.Key.Service, routes.Key.Namespace, asked.Port, asked.HealthPath, asked.AnswersPlainRequests, subscribes ? SubscriptionSeconds : AnswerSeconds);
        }),
    ];

    private static ClusterRoute Of(EndpointTable table, Endpoint endpoint) => new(endpoint, endpoint.HostIn(table.Zone), ClusterNamespaces.OfService(endpoint.Service));
}
