using System.Text.RegularExpressions;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Core;

/// <summary>
/// How consumers outside reach the leases of a cluster: one entry for all of them, behind which a gateway reads the name that a client asks for in the first message of TLS, and passes the connection on to the lease
/// of that name. The gateway holds no key and opens nothing: TLS is between consumer and lease. Names follow from the leases' ids alone, and ports are those of the kinds, so an endpoint on chain stays true whatever is
/// made anew behind it.
/// </summary>
public static partial class LeaseAccess
{
    /// <summary>The label below a zone, under which each lease has a name.</summary>
    public const string HostLabel = "leases";

    /// <summary>The kinds' ports at which the entry listens: those of every kind that speaks TLS itself, ascending.</summary>
    public static IReadOnlyList<int> Ports { get; } =
    [
        .. ServiceCatalog.All.Select(kind => kind.Workload).OfType<WorkloadTemplate>()
            .Where(workload => workload.TlsArguments is not null)
            .SelectMany(workload => workload.Ports)
            .Select(port => port.Number)
            .Distinct()
            .Order(),
    ];

    /// <summary>The port on which the gateway answers how it is; the load balancer asks.</summary>
    public const int HealthPort = 4040;

    /// <summary>The domain of the leases in a zone, for example <c>leases.testnet.jejunetwork.org</c>.</summary>
    public static string DomainIn(string zone) => $"{HostLabel}.{zone}";

    /// <summary>A host below the domain that no lease has: whoever asks whether the entry is there asks by it, because the domain itself has no address.</summary>
    public static string WatchedHostIn(string zone) => $"watched.{DomainIn(zone)}";

    /// <summary>The name of a gateway's port, as a Kubernetes object has it.</summary>
    public static string PortName(int port) => $"lease-{port}";

    /// <summary>The lease that a host names in a domain; null where it names none.</summary>
    /// <param name="host">The host that a client asks for.</param>
    /// <param name="domain">The domain of the leases.</param>
    public static string? LeaseOf(string host, string domain)
    {
        int dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && string.Equals(host[(dot + 1)..], domain, StringComparison.OrdinalIgnoreCase) && Lease().IsMatch(host[..dot].ToLowerInvariant())
            ? host[..dot].ToLowerInvariant()
            : null;
    }

    [GeneratedRegex("^jeju-[0-9a-f]{20}$")]
    private static partial Regex Lease();
}
