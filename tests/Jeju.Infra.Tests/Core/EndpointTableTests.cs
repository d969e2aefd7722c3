using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Core;

public sealed class EndpointTableTests
{
    private static readonly EndpointTable Table = EndpointTable.For("testnet.jejunetwork.org");

    [Fact]
    public void EveryHostOfTheDesignIsDeclaredOnce() =>
        Assert.Equal(
            ["*.jns", "api", "assets", "bazaar", "bundler", "docs", "dws", "explorer", "gateway", "git", "hub", "indexer", "jns", "kms", "relay", "rpc", "storage", "ws"],
            Table.Endpoints.Select(endpoint => endpoint.HostLabel).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryPublicHostIsCoveredByTheCertificate() =>
        Assert.All(
            Table.Endpoints.Where(endpoint => endpoint.Exposure == EndpointExposure.Public),
            endpoint => Assert.All(
                (IReadOnlyList<string>[])[Table.CertificateNames(), Table.WildcardNames()],
                names => Assert.Contains(names, name => EndpointTable.Covers(name, endpoint.HostIn(Table.Zone)))));

    [Theory]
    [InlineData("*.jns.example.org", "bob.jns.example.org", true)]
    [InlineData("*.jns.example.org", "jns.example.org", false)]
    [InlineData("*.jns.example.org", "a.b.jns.example.org", false)]
    [InlineData("*.example.org", "*.jns.example.org", false)]
    [InlineData("rpc.example.org", "RPC.example.org", true)]
    public void AWildcardCoversExactlyOneLabel(string certificateName, string host, bool covered) =>
        Assert.Equal(covered, EndpointTable.Covers(certificateName, host));

    [Fact]
    public void AnEndpointDeclaredTwice_IsRefused()
    {
        Endpoint rpc = Table.Endpoints[0];
        InfraException error = Assert.Throws<InfraException>(() => EndpointTable.Create("example.org", [rpc, rpc with { Name = "other" }]));
        Assert.Equal("JEJU0711", error.Code.ToString());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("")]
    [InlineData("bad zone.org")]
    public void AZoneThatIsNoDnsName_IsRefused(string zone) =>
        Assert.Equal("JEJU0710", Assert.Throws<InfraException>(() => EndpointTable.For(zone)).Code.ToString());
}
