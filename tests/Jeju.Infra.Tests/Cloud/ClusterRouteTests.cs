using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Cloud;

public sealed class ClusterRouteTests
{
    private static readonly EndpointTable Table = EndpointTable.For("testnet.jejunetwork.org");

    [Fact]
    public void EveryHostBehindTheLoadBalancerHasExactlyOneRouteAndACertificateName()
    {
        ClusterRoute[] routes = [.. ClusterRoutes.Public(Table), .. ClusterRoutes.Internal(Table)];
        Assert.Equal(Table.Routed.Select(endpoint => endpoint.HostIn(Table.Zone)).Order(StringComparer.Ordinal), routes.Select(route => route.Host).Order(StringComparer.Ordinal));
        Assert.All(ClusterRoutes.Public(Table), route => Assert.Contains(Table.CertificateNames(), name => EndpointTable.Covers(name, route.Host)));
        Assert.DoesNotContain(ClusterRoutes.Public(Table), route => route.Endpoint.Exposure == EndpointExposure.Internal);
    }

    [Theory]
    [InlineData(NetworkName.Testnet, CloudName.Aws)]
    [InlineData(NetworkName.Testnet, CloudName.Gcp)]
    [InlineData(NetworkName.Mainnet, CloudName.Aws)]
    [InlineData(NetworkName.Mainnet, CloudName.Gcp)]
    public void EveryRouteEndsAtAPortOfAWorkloadOfTheCluster(NetworkName network, CloudName cloud)
    {
        IReadOnlyList<WorkloadPlan> workloads = WorkloadPlans.For(network, cloud, sequences: cloud == CloudName.Aws);
        Assert.All(ClusterRoutes.Public(Table).Concat(ClusterRoutes.Internal(Table)), route =>
        {
            WorkloadPlan target = Assert.Single(workloads, workload => workload.Name == route.Endpoint.Service);
            Assert.Equal(route.Namespace, target.Namespace);
            Assert.Contains(target.Ports, port => port.Number == route.Endpoint.Port && port.Protocol == TransportProtocol.Tcp);
        });
    }

    [Fact]
    public void EveryServiceBehindTheRoutesIsAskedOnceAndNeverOnAWebSocket()
    {
        IReadOnlyList<RoutedService> services = ClusterRoutes.Services(Table);
        Assert.Equal(Table.Public.Select(endpoint => endpoint.Service).Distinct().Order(StringComparer.Ordinal), services.Select(service => service.Service).Order(StringComparer.Ordinal));
        Assert.All(services, service => Assert.Contains(Table.Public, endpoint =>
            endpoint.Service == service.Service && endpoint.Port == service.HealthPort && endpoint.HealthPath == service.HealthPath && endpoint.Protocol != EndpointProtocol.WebSocket));
        RoutedService execution = services.Single(service => service.Service == "op-geth");
        Assert.Equal(8545, execution.HealthPort);
        Assert.True(execution.TimeoutSeconds >= 3600);
    }

    [Fact]
    public void AServerThatTakesCallsAloneIsNotAskedForAPage()
    {
        Assert.All(Table.Public, endpoint => Assert.True(Table.AskedFor(endpoint).AnswersPlainRequests));
        EndpointTable reth = Table.InFrontOf(ExecutionClient.OpReth);
        Assert.Equal(["rpc", "ws"], reth.Public.Where(endpoint => !reth.AskedFor(endpoint).AnswersPlainRequests).Select(endpoint => endpoint.Name));
        Assert.Equal(["op-geth"], ClusterRoutes.Services(reth).Where(service => !service.AnswersPlainRequests).Select(service => service.Service));
    }

    [Fact]
    public void ASocketAndAWildcardAreAskedOnAnotherEndpointOfTheSamePods() => Assert.All(
        Table.Public,
        endpoint =>
        {
            Endpoint asked = Table.AskedFor(endpoint);
            Assert.Equal(endpoint.Service, asked.Service);
            Assert.False(asked.IsWildcard || asked.Protocol == EndpointProtocol.WebSocket);
        });
}
