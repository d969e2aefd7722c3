using System.Buffers.Binary;
using System.Net;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// Chooses ports and subnets for leases. The search begins at a place that depends on the order id, so that a lease that lost everything
/// but its id probably gets the same ones again, and leases seldom want the same.
/// </summary>
internal static class LeaseAddresses
{
    private const int SubnetBits = 4;
    private const int SubnetPrefix = 32 - SubnetBits;

    /// <summary>Free ports for a lease.</summary>
    /// <param name="options">The range.</param>
    /// <param name="orderId">The lease.</param>
    /// <param name="count">How many ports.</param>
    /// <param name="isFree">Whether a port of the host is free.</param>
    /// <exception cref="InfraException">JEJU0620: the range has not enough.</exception>
    public static IReadOnlyList<int> ChoosePorts(DockerBackendOptions options, Bytes32 orderId, int count, Func<int, bool> isFree)
    {
        int size = options.LastPort - options.FirstPort + 1;
        int start = (int)(Seed(orderId) % (uint)size);
        List<int> chosen = [];
        for (int step = 0; step < size && chosen.Count < count; step++)
        {
            int port = options.FirstPort + ((start + step) % size);
            if (isFree(port))
            {
                chosen.Add(port);
            }
        }

        return chosen.Count == count
            ? chosen
            : throw new InfraException(
                MarketplaceErrors.NoFreePort,
                $"Of the ports {options.FirstPort} to {options.LastPort}, {chosen.Count} are free; the lease needs {count}.",
                "End leases, or widen the range in the agent's settings.");
    }

    /// <summary>All subnets of the range in the order in which a lease should try them, without those that overlap one in use.</summary>
    public static IEnumerable<IPNetwork> FreeSubnets(IPNetwork range, Bytes32 orderId, IReadOnlyCollection<IPNetwork> used)
    {
        uint first = BinaryPrimitives.ReadUInt32BigEndian(range.BaseAddress.GetAddressBytes());
        uint count = 1u << (SubnetPrefix - range.PrefixLength);
        uint start = Seed(orderId) % count;
        for (uint step = 0; step < count; step++)
        {
            IPNetwork candidate = Subnet(first + (((start + step) % count) << SubnetBits));
            if (!used.Any(other => Overlap(candidate, other)))
            {
                yield return candidate;
            }
        }
    }

    /// <summary>Whether two ranges have an address in common.</summary>
    public static bool Overlap(IPNetwork left, IPNetwork right) => left.Contains(right.BaseAddress) || right.Contains(left.BaseAddress);

    private static IPNetwork Subnet(uint address)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPNetwork(new IPAddress(bytes), SubnetPrefix);
    }

    private static uint Seed(Bytes32 orderId) => BinaryPrimitives.ReadUInt32BigEndian(orderId.ToBytes().AsSpan(^sizeof(uint)));
}
