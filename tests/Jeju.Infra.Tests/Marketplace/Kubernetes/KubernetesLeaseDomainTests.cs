using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Backends;
using static Jeju.Infra.Tests.Marketplace.Kubernetes.KubernetesBackendTests;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>Leases of a cluster that has an entry for consumers outside.</summary>
public sealed class KubernetesLeaseDomainTests
{
    private const string Domain = "leases.testnet.jejunetwork.org";

    [Theory]
    [InlineData("redis", 6379)]
    [InlineData("postgres", 5432)]
    public async Task The_endpoint_is_the_leases_name_below_the_domain_and_stays_so_whatever_is_made_anew(string kind, int port)
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        Workload first;
        using (KubernetesBackend backend = New(cluster))
        {
            first = await backend.EnsureAsync(Request(kind), default);
        }

        string name = cluster.Single("services").Name;
        foreach (string plural in (string[])["statefulsets", "services", "networkpolicies"])
        {
            cluster.Remove(plural, name);
        }

        using KubernetesBackend restarted = New(cluster);
        Workload second = await restarted.EnsureAsync(Request(kind, first.Endpoint), default);

        Assert.Equal(new ServiceEndpoint($"{name}.{Domain}", [port]), first.Endpoint);
        Assert.Equal(first, second);
        Assert.Equal(first.Endpoint, (await restarted.FindAsync(Order, default))!.Endpoint);
        Assert.Equal(first.Endpoint, Assert.Single(await restarted.ListAsync(default)).Endpoint);

        // What the gateway makes of the name that a client asks for is the address of the lease's own service, on the same port.
        Assert.Equal(name, LeaseAccess.LeaseOf(first.Endpoint!.Host, Domain));
        Assert.Equal("ClusterIP", cluster.Single("services").Value["spec"]!["type"]!.GetValue<string>());
        Assert.Equal(port, cluster.Single("services").Value["spec"]!["ports"]![0]!["port"]!.GetValue<int>());
        Assert.Contains(port, LeaseAccess.Ports);
    }

    [Fact]
    public async Task Nobody_but_the_gateway_is_let_in_and_to_the_kinds_ports_alone()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        await backend.EnsureAsync(Request("redis"), default);

        JsonNode rule = Assert.Single(cluster.Single("networkpolicies").Value["spec"]!["ingress"]!.AsArray())!;
        JsonNode peer = Assert.Single(rule["from"]!.AsArray())!;

        Assert.Equal("""{"matchLabels":{"kubernetes.io/metadata.name":"dws"}}""", peer["namespaceSelector"]!.ToJsonString());
        Assert.Equal("""{"matchLabels":{"app.kubernetes.io/name":"lease-gateway"}}""", peer["podSelector"]!.ToJsonString());
        Assert.Null(peer["ipBlock"]);
        Assert.Equal("""[{"port":6379,"protocol":"TCP"}]""", rule["ports"]!.ToJsonString());
    }

    [Fact]
    public async Task The_certificate_is_for_the_name_that_consumers_are_told()
    {
        await using FakeCluster cluster = await FakeCluster.StartAsync();
        using KubernetesBackend backend = New(cluster);
        Workload workload = await backend.EnsureAsync(Request("postgres"), default);

        string pem = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(cluster.Single("secrets").Value["data"]!["tls.crt"]!.GetValue<string>()));
        using System.Security.Cryptography.X509Certificates.X509Certificate2 certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem);

        Assert.True(certificate.MatchesHostname(workload.Endpoint!.Host));
    }

    private static KubernetesBackend New(FakeCluster cluster) => new(cluster.Settings with { LeaseDomain = Domain }, Scope, TimeProvider.System);
}
