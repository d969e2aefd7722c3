namespace Jeju.Infra.Core;

/// <summary>What a range of addresses is for. Ranges of all stacks and clouds come from one plan, so that any two networks can be peered.</summary>
/// <param name="Owner">Stack and cloud, for example <c>testnet/aws</c>.</param>
/// <param name="Purpose">For example <c>public-a</c>, <c>pods</c>.</param>
/// <param name="Block">The range.</param>
public sealed record AddressRange(string Owner, string Purpose, CidrBlock Block);

/// <summary>The addresses of one AWS network: three zones with a public, a private and a data subnet each, and the cluster's services.</summary>
/// <param name="Network">The VPC, a /16.</param>
/// <param name="Public">One /20 per zone: load balancers and NAT.</param>
/// <param name="Private">One /18 per zone: nodes and pods.</param>
/// <param name="Data">One /22 per zone: databases; no route to the internet.</param>
/// <param name="Services">Kubernetes service addresses, outside the VPC's range.</param>
public sealed record AwsAddressPlan(
    CidrBlock Network,
    IReadOnlyList<CidrBlock> Public,
    IReadOnlyList<CidrBlock> Private,
    IReadOnlyList<CidrBlock> Data,
    CidrBlock Services);

/// <summary>The addresses of one Google Cloud network: a regional subnet with secondary ranges, and the ranges that managed services take.</summary>
/// <param name="Network">The whole of the stack's range, a /16.</param>
/// <param name="Nodes">The subnet of the cluster's nodes.</param>
/// <param name="ProxyOnly">The subnet that regional load balancers take their proxies from.</param>
/// <param name="PrivateServices">The range handed to private service access (Cloud SQL).</param>
/// <param name="ControlPlane">The /28 of the cluster's control plane.</param>
/// <param name="Pods">Secondary range of pods; a /24 for each node.</param>
/// <param name="Services">Secondary range of services.</param>
public sealed record GcpAddressPlan(
    CidrBlock Network,
    CidrBlock Nodes,
    CidrBlock ProxyOnly,
    CidrBlock PrivateServices,
    CidrBlock ControlPlane,
    CidrBlock Pods,
    CidrBlock Services);

/// <summary>
/// The one allocator of addresses. Every range of every stack is derived here from the stack's place in the list, and no two overlap: a
/// testnet and a mainnet, AWS and Google Cloud, pods, services and the containers of a localnet can all be routed to one another.
/// </summary>
public static class AddressPlan
{
    /// <summary>The number of zones that every cloud network spans.</summary>
    public const int Zones = 3;

    /// <summary>Docker networks of leases on a localnet: each lease takes a /28 of it.</summary>
    public static CidrBlock LocalnetLeases { get; } = CidrBlock.Parse("10.201.0.0/16");

    /// <summary>The addresses of a stack's AWS network.</summary>
    /// <exception cref="ArgumentException">The stack has no cloud.</exception>
    public static AwsAddressPlan ForAws(NetworkProfile profile)
    {
        int place = CloudPlace(profile);
        CidrBlock network = CidrBlock.Parse($"10.{place}.0.0/16");

        // Zones get /20 of the first quarter for their public subnets; the fourth /20 is cut into the small data subnets; the other
        // three quarters are the private subnets, one per zone, because pods take their addresses there.
        return new AwsAddressPlan(
            network,
            [.. Enumerable.Range(0, Zones).Select(zone => network.Part(20, zone))],
            [.. Enumerable.Range(1, Zones).Select(quarter => network.Part(18, quarter))],
            [.. Enumerable.Range(0, Zones).Select(zone => network.Part(20, 3).Part(22, zone))],
            CidrBlock.Parse($"10.{140 + place}.0.0/20"));
    }

    /// <summary>The addresses of a stack's Google Cloud network.</summary>
    /// <exception cref="ArgumentException">The stack has no cloud.</exception>
    public static GcpAddressPlan ForGcp(NetworkProfile profile)
    {
        int place = CloudPlace(profile);
        CidrBlock network = CidrBlock.Parse($"10.{10 + place}.0.0/16");
        return new GcpAddressPlan(
            network,
            network.Part(18, 0),
            network.Part(23, 32),
            network.Part(20, 8),
            network.Part(28, 4080),
            CidrBlock.Parse($"10.{110 + place}.0.0/16"),
            CidrBlock.Parse($"10.{120 + place}.0.0/20"));
    }

    /// <summary>All ranges of all stacks, for the check that no two overlap. Ranges inside a network are listed, the network itself is not.</summary>
    public static IReadOnlyList<AddressRange> All()
    {
        List<AddressRange> ranges = [new("localnet", "leases", LocalnetLeases)];
        foreach (NetworkProfile profile in NetworkProfile.All.Where(profile => profile.Name != NetworkName.Localnet))
        {
            AwsAddressPlan aws = ForAws(profile);
            string owner = $"{profile.StackName}/aws";
            for (int zone = 0; zone < Zones; zone++)
            {
                char letter = (char)('a' + zone);
                ranges.Add(new AddressRange(owner, $"public-{letter}", aws.Public[zone]));
                ranges.Add(new AddressRange(owner, $"private-{letter}", aws.Private[zone]));
                ranges.Add(new AddressRange(owner, $"data-{letter}", aws.Data[zone]));
            }

            ranges.Add(new AddressRange(owner, "services", aws.Services));

            GcpAddressPlan gcp = ForGcp(profile);
            owner = $"{profile.StackName}/gcp";
            ranges.Add(new AddressRange(owner, "nodes", gcp.Nodes));
            ranges.Add(new AddressRange(owner, "proxy-only", gcp.ProxyOnly));
            ranges.Add(new AddressRange(owner, "private-services", gcp.PrivateServices));
            ranges.Add(new AddressRange(owner, "control-plane", gcp.ControlPlane));
            ranges.Add(new AddressRange(owner, "pods", gcp.Pods));
            ranges.Add(new AddressRange(owner, "services", gcp.Services));
        }

        return ranges;
    }

    private static int CloudPlace(NetworkProfile profile) => profile.Name switch
    {
        NetworkName.Testnet => 1,
        NetworkName.Mainnet => 2,
        _ => throw new ArgumentException($"The stack '{profile.StackName}' has no cloud network.", nameof(profile)),
    };
}
