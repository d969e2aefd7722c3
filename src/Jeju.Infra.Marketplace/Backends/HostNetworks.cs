using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>The IPv4 ranges of this host's own interfaces: a lease's network must not hide one of them.</summary>
internal static class HostNetworks
{
    public static IEnumerable<IPNetwork> Read() =>
        from adapter in NetworkInterface.GetAllNetworkInterfaces()
        from address in adapter.GetIPProperties().UnicastAddresses
        where address.Address.AddressFamily == AddressFamily.InterNetwork && address.PrefixLength is > 0 and < 32
        select new IPNetwork(NetworkAddress(address.Address, address.PrefixLength), address.PrefixLength);

    private static IPAddress NetworkAddress(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
