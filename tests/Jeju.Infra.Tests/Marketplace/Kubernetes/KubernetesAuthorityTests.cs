using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Backends;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>Whom the agent believes to be the Kubernetes API: it sends every request with its token.</summary>
public sealed class KubernetesAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jeju-authority-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("192.0.2.1", true, false)]
    [InlineData("127.0.0.1", false, false)]
    public async Task The_token_goes_to_a_server_of_the_clusters_own_authority_and_of_the_right_name_alone(string address, bool isOwn, bool isBelieved)
    {
        using X509Certificate2 authority = Authority("the cluster");
        using X509Certificate2 other = Authority("somebody");
        using X509Certificate2 server = Server(address, authority);
        await using FakeCluster cluster = await FakeCluster.StartAsync(server);
        string file = Path.Combine(_folder.FullName, "ca.crt");
        File.WriteAllText(file, (isOwn ? authority : other).ExportCertificatePem());
        using KubernetesBackend backend = new(cluster.Settings with { AuthorityFile = file }, KubernetesBackendTests.Scope, TimeProvider.System);

        if (isBelieved)
        {
            Assert.Empty(await backend.ListAsync(default));
            return;
        }

        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => backend.ListAsync(default));
        Assert.Equal("JEJU0650", refusal.Code.ToString());
        Assert.Equal(0, cluster.Requests);
    }

    [Fact]
    public async Task Without_the_authoritys_certificate_nobody_is_believed()
    {
        using X509Certificate2 authority = Authority("the cluster");
        using X509Certificate2 server = Server("127.0.0.1", authority);
        await using FakeCluster cluster = await FakeCluster.StartAsync(server);
        using KubernetesBackend backend = new(cluster.Settings with { AuthorityFile = Path.Combine(_folder.FullName, "absent") }, KubernetesBackendTests.Scope, TimeProvider.System);

        Assert.Equal("JEJU0650", (await Assert.ThrowsAsync<InfraException>(() => backend.ListAsync(default))).Code.ToString());
        Assert.Equal(0, cluster.Requests);
    }

    private static X509Certificate2 Authority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(2));
    }

    private static X509Certificate2 Server(string address, X509Certificate2 authority)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(authority, Now.AddDays(-1), Now.AddDays(1), [1, 2, 3, 4]);
        using X509Certificate2 withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
