using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Gcp.Compute;
using Pulumi.Gcp.Compute.Inputs;

namespace Jeju.Infra.Components.Peering;

/// <summary>Which networks of the two clouds are joined.</summary>
public sealed class CloudVpnArgs : ResourceArgs
{
    /// <summary>The network on AWS.</summary>
    [Input("vpcId", required: true)]
    public Input<string> VpcId { get; set; } = null!;

    /// <summary>The tables of the private subnets: the routes to the other cloud are written into them.</summary>
    public required IReadOnlyList<Output<string>> PrivateRouteTableIds { get; init; }

    /// <summary>The group of the cluster on AWS, which lets the other cloud in.</summary>
    [Input("clusterSecurityGroupId", required: true)]
    public Input<string> ClusterSecurityGroupId { get; set; } = null!;

    /// <summary>The addresses on AWS.</summary>
    public required AwsAddressPlan AwsAddresses { get; init; }

    /// <summary>The network on Google Cloud.</summary>
    [Input("networkId", required: true)]
    public Input<string> NetworkId { get; set; } = null!;

    /// <summary>The region on Google Cloud.</summary>
    public required string GcpRegion { get; init; }

    /// <summary>The addresses on Google Cloud.</summary>
    public required GcpAddressPlan GcpAddresses { get; init; }

    /// <summary>Ports on which pods of one cloud may ask those of the other, over TCP and UDP.</summary>
    public required IReadOnlyList<int> Ports { get; init; }
}

/// <summary>
/// The two clouds' networks joined by four tunnels: each of Google's two gateways has a connection to AWS, and each connection both of its tunnels. Routes are exchanged by BGP, so that the
/// loss of a tunnel or of a gateway costs seconds. AWS makes the pre-shared keys; they pass from its output into the other cloud as secrets, and are written nowhere else.
/// Google Cloud announces its nodes and pods alone; both sides let in only the named ports.
/// </summary>
public sealed class CloudVpn : ComponentResource
{
    // Private numbers (RFC 6996), one for each side.
    private const int AwsSystemNumber = 64512;
    private const int GcpSystemNumber = 64513;

    private const int Gateways = 2;
    private const int TunnelsPerConnection = 2;

    private readonly string _name;
    private readonly CloudVpnArgs _args;
    private readonly CustomResourceOptions _child;

    /// <summary>Declares gateways, connections and tunnels.</summary>
    public CloudVpn(string name, CloudVpnArgs args, ComponentResourceOptions? options = null)
        : base("jeju:peering:CloudVpn", name, args, options)
    {
        _name = name;
        _args = args;
        _child = new CustomResourceOptions { Parent = this };
        HaVpnGateway google = new($"{name}-vpn", new HaVpnGatewayArgs { Name = $"{name}-vpn", Network = args.NetworkId, Region = args.GcpRegion }, _child);
        VpnGateway amazon = new($"{name}-vpn", new VpnGatewayArgs { VpcId = args.VpcId, AmazonSideAsn = $"{AwsSystemNumber}", Tags = { ["Name"] = $"{name}-vpn" } }, _child);
        for (int table = 0; table < args.PrivateRouteTableIds.Count; table++)
        {
            _ = new VpnGatewayRoutePropagation($"{name}-vpn-{table}", new VpnGatewayRoutePropagationArgs
            {
                VpnGatewayId = amazon.Id,
                RouteTableId = args.PrivateRouteTableIds[table],
            }, _child);
        }

        VpnConnection[] connections = [.. Enumerable.Range(0, Gateways).Select(gateway => Connection(gateway, google, amazon))];
        Tunnel[] tunnels = [.. connections.SelectMany(TunnelsOf)];
        ExternalVpnGateway peer = new($"{name}-vpn", new ExternalVpnGatewayArgs
        {
            Name = $"{name}-aws",
            RedundancyType = "FOUR_IPS_REDUNDANCY",
            Interfaces = tunnels.Select((tunnel, index) => new ExternalVpnGatewayInterfaceArgs { Id = index, IpAddress = tunnel.Address }).ToArray(),
        }, _child);
        Router router = new($"{name}-vpn", new RouterArgs
        {
            Name = $"{name}-vpn",
            Network = args.NetworkId,
            Region = args.GcpRegion,
            Bgp = new RouterBgpArgs
            {
                Asn = GcpSystemNumber,
                AdvertiseMode = "CUSTOM",
                AdvertisedIpRanges =
                {
                    new RouterBgpAdvertisedIpRangeArgs { Range = args.GcpAddresses.Nodes.ToString(), Description = "nodes" },
                    new RouterBgpAdvertisedIpRangeArgs { Range = args.GcpAddresses.Pods.ToString(), Description = "pods" },
                },
            },
        }, _child);
        for (int index = 0; index < tunnels.Length; index++)
        {
            Join(index, tunnels[index], google, peer, router);
        }

        LetIn();
        RegisterOutputs();
    }

    /// <summary>One end of a tunnel on AWS.</summary>
    private sealed record Tunnel(Output<string> Address, Output<string> Key, Output<string> AwsInside, Output<string> GcpInside);

    private static IEnumerable<Tunnel> TunnelsOf(VpnConnection connection) =>
    [
        new(connection.Tunnel1Address, Output.CreateSecret(connection.Tunnel1PresharedKey), connection.Tunnel1VgwInsideAddress, connection.Tunnel1CgwInsideAddress),
        new(connection.Tunnel2Address, Output.CreateSecret(connection.Tunnel2PresharedKey), connection.Tunnel2VgwInsideAddress, connection.Tunnel2CgwInsideAddress),
    ];

    private VpnConnection Connection(int gateway, HaVpnGateway google, VpnGateway amazon)
    {
        string resource = $"{_name}-vpn-{gateway}";
        CustomerGateway customer = new(resource, new CustomerGatewayArgs
        {
            BgpAsn = $"{GcpSystemNumber}",
            IpAddress = google.VpnInterfaces.Apply(interfaces => interfaces[gateway].IpAddress!),
            Type = "ipsec.1",
            Tags = { ["Name"] = resource },
        }, _child);
        ImmutableArray<string> ciphers = ["AES256-GCM-16"];
        ImmutableArray<string> integrity = ["SHA2-512"];
        ImmutableArray<int> groups = [20];
        return new VpnConnection(resource, new VpnConnectionArgs
        {
            VpnGatewayId = amazon.Id,
            CustomerGatewayId = customer.Id,
            Type = "ipsec.1",
            StaticRoutesOnly = false,
            Tunnel1IkeVersions = { "ikev2" },
            Tunnel1Phase1EncryptionAlgorithms = ciphers,
            Tunnel1Phase1IntegrityAlgorithms = integrity,
            Tunnel1Phase1DhGroupNumbers = groups,
            Tunnel1Phase2EncryptionAlgorithms = ciphers,
            Tunnel1Phase2IntegrityAlgorithms = integrity,
            Tunnel1Phase2DhGroupNumbers = groups,
            Tunnel2IkeVersions = { "ikev2" },
            Tunnel2Phase1EncryptionAlgorithms = ciphers,
            Tunnel2Phase1IntegrityAlgorithms = integrity,
            Tunnel2Phase1DhGroupNumbers = groups,
            Tunnel2Phase2EncryptionAlgorithms = ciphers,
            Tunnel2Phase2IntegrityAlgorithms = integrity,
            Tunnel2Phase2DhGroupNumbers = groups,
            Tags = { ["Name"] = resource },
        }, _child);
    }

    private void Join(int index, Tunnel tunnel, HaVpnGateway google, ExternalVpnGateway peer, Router router)
    {
        string resource = $"{_name}-vpn-{index}";
        VPNTunnel joined = new(resource, new VPNTunnelArgs
        {
            Name = resource,
            Region = _args.GcpRegion,
            VpnGateway = google.Id,
            VpnGatewayInterface = index / TunnelsPerConnection,
            PeerExternalGateway = peer.Id,
            PeerExternalGatewayInterface = index,
            SharedSecret = tunnel.Key,
            Router = router.Id,
            IkeVersion = 2,
        }, _child);

        // AWS gives each tunnel a /30 of link-local addresses, with an end for each side.
        RouterInterface end = new(resource, new RouterInterfaceArgs
        {
            Name = resource,
            Region = _args.GcpRegion,
            Router = router.Name,
            IpRange = tunnel.GcpInside.Apply(address => $"{address}/30"),
            VpnTunnel = joined.Name,
        }, _child);
        _ = new RouterPeer(resource, new RouterPeerArgs
        {
            Name = resource,
            Region = _args.GcpRegion,
            Router = router.Name,
            Interface = end.Name,
            PeerAsn = AwsSystemNumber,
            PeerIpAddress = tunnel.AwsInside,
        }, _child);
    }

    private void LetIn()
    {
        string[] ports = [.. _args.Ports.Select(port => $"{port}")];
        _ = new Firewall($"{_name}-vpn", new FirewallArgs
        {
            Name = $"{_name}-vpn",
            Network = _args.NetworkId,
            Direction = "INGRESS",
            SourceRanges = _args.AwsAddresses.Private.Select(block => block.ToString()).ToArray(),
            Allows =
            {
                new FirewallAllowArgs { Protocol = "tcp", Ports = ports },
                new FirewallAllowArgs { Protocol = "udp", Ports = ports },
            },
            Description = "Pods on AWS to pods here",
        }, _child);
        foreach (CidrBlock source in (CidrBlock[])[_args.GcpAddresses.Nodes, _args.GcpAddresses.Pods])
        {
            foreach (string protocol in (string[])["tcp", "udp"])
            {
                foreach (int port in _args.Ports)
                {
                    _ = new Pulumi.Aws.Vpc.SecurityGroupIngressRule(
                        $"{_name}-vpn-{(source == _args.GcpAddresses.Nodes ? "nodes" : "pods")}-{protocol}-{port}",
                        new Pulumi.Aws.Vpc.SecurityGroupIngressRuleArgs
                        {
                            SecurityGroupId = _args.ClusterSecurityGroupId,
                            CidrIpv4 = source.ToString(),
                            IpProtocol = protocol,
                            FromPort = port,
                            ToPort = port,
                            Description = "Pods on Google Cloud to pods here",
                        },
                        _child);
                }
            }
        }
    }
}
