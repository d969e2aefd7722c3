namespace Jeju.Infra.Core;

/// <summary>Where the ends of network edges are that are no pods: ranges of addresses, by <see cref="NetworkParties"/>.</summary>
/// <param name="LoadBalancer">From where the public load balancer asks.</param>
/// <param name="Database">Where the managed database is.</param>
/// <param name="CloudIdentity">The node's service that gives a pod its cloud credentials.</param>
/// <param name="KubernetesApi">Where the cluster's control plane answers.</param>
public sealed record PartyAddresses(
    IReadOnlyList<CidrBlock> LoadBalancer,
    IReadOnlyList<CidrBlock> Database,
    IReadOnlyList<CidrBlock> CloudIdentity,
    IReadOnlyList<CidrBlock> KubernetesApi)
{
    /// <summary>
    /// What is not the internet: private networks (RFC 1918), the shared range of carriers (RFC 6598), and link-local addresses, where the nodes' own services are (RFC 3927).
    /// </summary>
    public static IReadOnlyList<CidrBlock> NotInternet { get; } =
    [
        CidrBlock.Parse("10.0.0.0/8"),
        CidrBlock.Parse("100.64.0.0/10"),
        CidrBlock.Parse("169.254.0.0/16"),
        CidrBlock.Parse("172.16.0.0/12"),
        CidrBlock.Parse("192.168.0.0/16"),
    ];

    /// <summary>The addresses of a network's parties on a cloud.</summary>
    /// <exception cref="ArgumentException">The network has no cloud.</exception>
    public static PartyAddresses For(NetworkProfile profile, CloudName cloud)
    {
        if (cloud == CloudName.Aws)
        {
            AwsAddressPlan aws = AddressPlan.ForAws(profile);

            // The control plane has its interfaces in the private subnets, behind the first of the service addresses.
            return new PartyAddresses(aws.Public, aws.Data, [CidrBlock.Parse("169.254.170.23/32")], [.. aws.Private, aws.Services]);
        }

        GcpAddressPlan gcp = AddressPlan.ForGcp(profile);

        // Google's load balancers and health checks ask from two ranges of their own.
        return new PartyAddresses(
            [CidrBlock.Parse("35.191.0.0/16"), CidrBlock.Parse("130.211.0.0/22")],
            [gcp.PrivateServices],
            [CidrBlock.Parse("169.254.169.254/32")],
            [gcp.ControlPlane, gcp.Services]);
    }
}
