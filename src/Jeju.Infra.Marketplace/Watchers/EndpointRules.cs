using System.Net;
using System.Net.Sockets;

using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Watchers;

/// <summary>
/// What a watcher connects to. The endpoint is the provider's word: it may be no host at all, a path of this machine, or an address inside the
/// watcher's own network, which no consumer reaches. Such a service is dead without being asked.
/// </summary>
internal static class EndpointRules
{
    /// <summary>Why nobody can reach an endpoint; null where it can be asked.</summary>
    /// <param name="endpoint">Host and ports as they stand on chain.</param>
    /// <param name="mayBeLocal">Whether addresses of this machine and of private networks count, as on a localnet.</param>
    /// <param name="cancellationToken">Ends the question for the host's addresses.</param>
    public static async Task<string?> FindProblemAsync(ServiceEndpoint endpoint, bool mayBeLocal, CancellationToken cancellationToken)
    {
        if (Uri.CheckHostName(endpoint.Host) is UriHostNameType.Unknown or UriHostNameType.Basic || endpoint.Port == 0)
        {
            return "the endpoint is no host and port";
        }

        if (mayBeLocal)
        {
            return null;
        }

        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken).ConfigureAwait(false);
            return addresses.Length > 0 && addresses.All(IsPublic) ? null : "the endpoint is in no public network";
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return $"the host has no address: {unknown.Message}";
        }
    }

    /// <summary>Whether an address can be reached from everywhere.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily is not AddressFamily.InterNetwork)
        {
            return !(IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast
                || address.IsIPv6SiteLocal);
        }

        return address.GetAddressBytes() is not ([0 or 10 or 127, ..] or [100, >= 64 and <= 127, ..] or [169, 254, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..]
            or [192, 0, 0, _] or [198, 18 or 19, ..] or [>= 224, ..]);
    }
}
