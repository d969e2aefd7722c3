using System.Text.RegularExpressions;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>Where and how the Kubernetes backend runs the workloads of leases.</summary>
public sealed partial record KubernetesBackendSettings
{
    /// <summary>The namespace of the workloads. The agent's rights end at it.</summary>
    public required string Namespace { get; init; }

    /// <summary>The storage class of their volumes.</summary>
    public required string StorageClass { get; init; }

    /// <summary>
    /// The file with the digests of the images, as <c>jeju images pin</c> writes it. A cluster's nodes can build no image, and a tag may be another program tomorrow: what is not in the file is not run.
    /// </summary>
    public required string ImageLockFile { get; init; }

    /// <summary>
    /// The domain below which consumers outside the cluster reach the leases, through the gateway that <c>jeju agent gateway</c> is; absent where there is none, and leases are reached within the cluster alone.
    /// </summary>
    public string? LeaseDomain { get; init; }

    /// <summary>The address of the Kubernetes API; the default is the name that it has in every cluster.</summary>
    public string Server { get; init; } = "https://kubernetes.default.svc";

    /// <summary>The file with the token, read again as the cluster renews it.</summary>
    public string TokenFile { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <summary>The file with the certificates of the authority that vouches for the API.</summary>
    public string AuthorityFile { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

    /// <summary>All that is wrong, one sentence each.</summary>
    internal IEnumerable<string> Check()
    {
        if (!DnsLabel().IsMatch(Namespace))
        {
            yield return $"kubernetes.namespace '{Namespace}' must be lower-case letters, digits and hyphens, at most 63.";
        }

        if (StorageClass.Length == 0)
        {
            yield return "kubernetes.storageClass must not be empty.";
        }

        if (ImageLockFile.Length == 0)
        {
            yield return "kubernetes.imageLockFile must not be empty.";
        }

        if (LeaseDomain is not null && (Uri.CheckHostName(LeaseDomain) != UriHostNameType.Dns || !LeaseDomain.Contains('.', StringComparison.Ordinal)))
        {
            yield return $"kubernetes.leaseDomain '{LeaseDomain}' must be a DNS name such as leases.example.org.";
        }

        // A token is sent with every request: in the clear only within this machine.
        if (!Uri.TryCreate(Server, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
        {
            yield return $"kubernetes.server '{Server}' must be an https address, or an http one of this machine.";
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();
}
