using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Core;

public sealed class ClusterCatalogTests
{
    private static readonly EndpointTable Table = EndpointTable.For("testnet.jejunetwork.org");

    [Theory]
    [InlineData(CloudName.Aws)]
    [InlineData(CloudName.Gcp)]
    public void EveryNamespaceIsRestrictedOrSaysWhyNot(CloudName cloud)
    {
        IReadOnlyList<ClusterNamespace> namespaces = ClusterNamespaces.Of(cloud);

        Assert.Equal(namespaces.Count, namespaces.Select(one => one.Name).Distinct().Count());
        Assert.All(namespaces, one => Assert.Equal(one.PodSecurity == PodSecurityLevel.Restricted, one.PodSecurityReason is null));
        Assert.Equal([ClusterNamespaces.NodeMetrics], namespaces.Where(one => one.PodSecurity != PodSecurityLevel.Restricted).Select(one => one.Name));
        Assert.Contains(namespaces, one => one.PodSecurityLabel == "restricted");
    }

    [Theory]
    [InlineData(CloudName.Aws)]
    [InlineData(CloudName.Gcp)]
    public void EveryServiceAndSecretLivesInANamespaceThatIsThere(CloudName cloud)
    {
        HashSet<string> namespaces = [.. ClusterNamespaces.Of(cloud).Select(one => one.Name)];
        Assert.All(Table.Routed, endpoint => Assert.Contains(ClusterNamespaces.OfService(endpoint.Service), namespaces));
        Assert.All(ClusterNamespaces.KnownServices, service => Assert.Contains(ClusterNamespaces.OfService(service), namespaces));
        Assert.All(SecretCatalog.All, secret => Assert.Contains(secret.Namespace, namespaces));
    }

    [Fact]
    public void AServiceWithoutANamespace_IsRefused() =>
        Assert.Equal("JEJU0740", Assert.Throws<InfraException>(() => ClusterNamespaces.OfService("op-get")).Code.ToString());

    [Fact]
    public void EverySecretOfTheCatalogIsListedOnceUnderANameThatBothStoresTake()
    {
        ClusterSecret[] declared = [.. typeof(SecretCatalog).GetProperties()
            .Where(property => property.PropertyType == typeof(ClusterSecret))
            .Select(property => (ClusterSecret)property.GetValue(null)!)];

        Assert.Equal(declared.ToHashSet(), SecretCatalog.All.ToHashSet());
        Assert.Equal(declared.Length, SecretCatalog.All.Select(secret => secret.SourceNameIn("mainnet")).Distinct().Count());
        Assert.All(SecretCatalog.All, secret => Assert.Matches("^[a-z0-9-]{1,255}$", secret.SourceNameIn("mainnet")));
        Assert.All(SecretCatalog.All, secret => Assert.Equal(secret.Keys.Distinct(), secret.Keys));
    }

    [Fact]
    public void AReferenceToAnEntryThatIsNotThere_IsRefused()
    {
        Assert.Equal("beacon", SecretCatalog.L1Endpoints.Key("beacon"));
        Assert.Equal("JEJU0741", Assert.Throws<InfraException>(() => SecretCatalog.L1Endpoints.Key("bacon")).Code.ToString());
    }
}
