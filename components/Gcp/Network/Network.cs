using System.Globalization;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Compute;
using Pulumi.Gcp.Compute.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its Google Cloud network.</summary>
public sealed class NetworkArgs : ResourceArgs
{
    /// <summary>The addresses, from the one plan of all stacks.</summary>
    public required GcpAddressPlan Addresses { get; init; }

    /// <summary>The region, for example <c>europe-west1</c>; the cluster spans its zones.</summary>
    public required string Region { get; init; }

    /// <summary>The ports of pods that the load balancer reaches.</summary>
    public required IReadOnlyList<int> EntryPorts { get; init; }
}

/// <summary>
/// A network with one regional subnet for the cluster (pods and services in secondary ranges), a subnet for the load balancer's proxies, and a
/// range for managed databases. Nodes have no public address; they leave through Cloud NAT, and reach Google's services privately. Flows are logged.
/// </summary>
public sealed class Network : ComponentResource
{
    /// <summary>The name of the pods' secondary range.</summary>
    public const string PodsRange = "pods";

    /// <summary>The name of the services' secondary range.</summary>
    public const string ServicesRange = "services";

    /// <summary>Declares the network.</summary>
    public Network(string name, NetworkArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Network", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        Pulumi.Gcp.Compute.Network network = new(name, new Pulumi.Gcp.Compute.NetworkArgs
        {
            Name = name,
            AutoCreateSubnetworks = false,
            RoutingMode = "REGIONAL",
            Description = $"The network of {name}",
        }, child);
        Subnetwork nodes = new($"{name}-nodes", new SubnetworkArgs
        {
            Name = $"{name}-nodes",
            Network = network.Id,
            Region = args.Region,
            IpCidrRange = args.Addresses.Nodes.ToString(),
            PrivateIpGoogleAccess = true,
            SecondaryIpRanges =
            {
                new SubnetworkSecondaryIpRangeArgs { RangeName = PodsRange, IpCidrRange = args.Addresses.Pods.ToString() },
                new SubnetworkSecondaryIpRangeArgs { RangeName = ServicesRange, IpCidrRange = args.Addresses.Services.ToString() },
            },
            LogConfig = new SubnetworkLogConfigArgs
            {
                AggregationInterval = "INTERVAL_1_MIN",
                FlowSampling = 0.5,
                Metadata = "INCLUDE_ALL_METADATA",
            },
        }, child);
        _ = new Subnetwork($"{name}-proxy-only", new SubnetworkArgs
        {
            Name = $"{name}-proxy-only",
            Network = network.Id,
            Region = args.Region,
            IpCidrRange = args.Addresses.ProxyOnly.ToString(),
            Purpose = "REGIONAL_MANAGED_PROXY",
            Role = "ACTIVE",
        }, child);
        OutboundAccess(name, args, network, child);
        Output<string> peering = PrivateServiceAccess(name, args, network, child);
        HealthChecksReachPods(name, args, network, child);

        NetworkId = network.Id;
        SubnetworkId = nodes.Id;
        PrivateServicesNetworkId = Output.Tuple(network.Id, peering).Apply(values => values.Item1);
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["networkId"] = NetworkId,
            ["subnetworkId"] = SubnetworkId,
            ["privateServicesNetworkId"] = PrivateServicesNetworkId,
        });
    }

    /// <summary>The network.</summary>
    [Output("networkId")]
    public Output<string> NetworkId { get; private set; }

    /// <summary>The cluster's subnet.</summary>
    [Output("subnetworkId")]
    public Output<string> SubnetworkId { get; private set; }

    /// <summary>The network once managed databases can join it; a database takes this one, so that it waits for the peering.</summary>
    [Output("privateServicesNetworkId")]
    public Output<string> PrivateServicesNetworkId { get; private set; }

    private static void OutboundAccess(string name, NetworkArgs args, Pulumi.Gcp.Compute.Network network, CustomResourceOptions child)
    {
        Router router = new(name, new RouterArgs { Name = name, Network = network.Id, Region = args.Region }, child);
        _ = new RouterNat(name, new RouterNatArgs
        {
            Name = name,
            Router = router.Name,
            Region = args.Region,
            NatIpAllocateOption = "AUTO_ONLY",
            SourceSubnetworkIpRangesToNat = "ALL_SUBNETWORKS_ALL_IP_RANGES",
            LogConfig = new RouterNatLogConfigArgs { Enable = true, Filter = "ERRORS_ONLY" },
        }, child);
    }

    private static Output<string> PrivateServiceAccess(string name, NetworkArgs args, Pulumi.Gcp.Compute.Network network, CustomResourceOptions child)
    {
        string[] range = args.Addresses.PrivateServices.ToString().Split('/');
        GlobalAddress reserved = new($"{name}-private-services", new GlobalAddressArgs
        {
            Name = $"{name}-private-services",
            Network = network.Id,
            Purpose = "VPC_PEERING",
            AddressType = "INTERNAL",
            Address = range[0],
            PrefixLength = int.Parse(range[1], CultureInfo.InvariantCulture),
        }, child);
        return new Pulumi.Gcp.ServiceNetworking.Connection($"{name}-private-services", new Pulumi.Gcp.ServiceNetworking.ConnectionArgs
        {
            Network = network.Id,
            Service = "servicenetworking.googleapis.com",
            ReservedPeeringRanges = { reserved.Name },

            // Cloud SQL lets go of it days after its last instance is gone, and its deletion is refused until then; it goes with the network.
            DeletionPolicy = "ABANDON",
        }, child).Peering;
    }

    /// <summary>The ranges of Google's health checkers and front ends (Cloud Load Balancing documentation, "Firewall rules").</summary>
    private static void HealthChecksReachPods(string name, NetworkArgs args, Pulumi.Gcp.Compute.Network network, CustomResourceOptions child) =>
        _ = new Firewall($"{name}-load-balancer", new FirewallArgs
        {
            Name = $"{name}-load-balancer",
            Network = network.Id,
            Direction = "INGRESS",
            SourceRanges = { "35.191.0.0/16", "130.211.0.0/22" },
            Allows = new FirewallAllowArgs { Protocol = "tcp", Ports = args.EntryPorts.Select(port => $"{port}").ToArray() },
            Description = "Load balancer and its health checks to pods",
        }, child);
}
