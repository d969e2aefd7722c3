using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Credentials;

/// <summary>What a lease's service and its consumer share, and the files by which the service learns it.</summary>
/// <param name="Credentials">What the consumer gets, sealed.</param>
/// <param name="Files">What the service reads.</param>
internal sealed record LeaseSecrets(ServiceCredentials Credentials, IReadOnlyList<WorkloadFile> Files)
{
    /// <summary>A certificate is known by its fingerprint and belongs to one lease; it must not end before any lease does.</summary>
    private const int CertificateYears = 10;

    /// <summary>Makes new ones.</summary>
    /// <param name="kind">The kind of service.</param>
    /// <param name="limits">The lease's limits.</param>
    /// <param name="host">The host that consumers are told, where the service is to speak TLS; null on loopback.</param>
    /// <param name="now">The present time.</param>
    public static LeaseSecrets Generate(ServiceKind kind, WorkloadLimits limits, string? host, DateTimeOffset now)
    {
        ServiceCredentials credentials = LeaseCredentials.Generate(kind);
        WorkloadTemplate? template = kind.Workload;
        if (host is null || template is null)
        {
            return new LeaseSecrets(credentials, template?.Files(limits, credentials) ?? []);
        }

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A common name has 64 characters at most; clients look at the alternative name.
        CertificateRequest request = new("CN=jeju lease", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(CertificateYears));
        ServiceCredentials pinned = credentials with { CertificateFingerprint = FingerprintOf(certificate) };
        return new LeaseSecrets(
            pinned,
            [
                .. template.Files(limits, pinned),
                new WorkloadFile(WorkloadTemplate.CertificateFile, certificate.ExportCertificatePem() + "\n"),
                new WorkloadFile(WorkloadTemplate.CertificateKeyFile, key.ExportPkcs8PrivateKeyPem() + "\n"),
            ]);
    }

    /// <summary>The paths of the files of a lease whose service speaks TLS: they do not depend on what is in them.</summary>
    public static IReadOnlyList<string> TlsFilesOf(WorkloadTemplate template, WorkloadLimits limits) =>
    [
        .. template.Files(limits, new ServiceCredentials(template.UserName, string.Empty, template.Database, string.Empty)).Select(file => file.Path),
        WorkloadTemplate.CertificateFile,
        WorkloadTemplate.CertificateKeyFile,
    ];

    /// <summary>A kind that cannot speak TLS is served on loopback alone.</summary>
    /// <exception cref="InfraException">JEJU0623: it cannot.</exception>
    public static void RequireTls(ServiceKind kind)
    {
        if (kind.Workload?.TlsArguments is null)
        {
            throw new InfraException(
                MarketplaceErrors.KindNotRunnable,
                $"The service kind '{kind.Name}' cannot speak TLS, and its endpoint would not be on loopback.",
                "Withdraw the offer of this kind.");
        }
    }

    /// <summary>Accepts the certificate of a fingerprint, whoever has signed it, and no other.</summary>
    public static RemoteCertificateValidationCallback Accepting(string fingerprint) => (_, certificate, _, _) =>
        certificate is not null && string.Equals(FingerprintOf(certificate), fingerprint, StringComparison.OrdinalIgnoreCase);

    /// <summary>A certificate's fingerprint: SHA-256 in hexadecimal.</summary>
    public static string FingerprintOf(X509Certificate certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));
}
