using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The network policy of a workload: its rows of the table of edges, in both directions, and name resolution.</summary>
internal static class WorkloadNetwork
{
    /// <summary>The label by which Kubernetes' own pods are told apart.</summary>
    public const string DnsLabel = "k8s-app";

    private const int DnsPort = 53;

    /// <summary>
    /// Who answers questions of names: the cluster's server, and on Google Cloud a cache on each node, to which questions are turned where it is on (Google Kubernetes Engine documentation, "Setting up
    /// NodeLocal DNSCache", which new clusters have).
    /// </summary>
    public static IReadOnlyList<string> ClusterDns { get; } = ["kube-dns", "node-local-dns"];

    public static NetworkPolicySpecArgs Policy(ChainCluster cluster, WorkloadPlan plan)
    {
        // Both directions are named even without a row: an absent direction would be an open one.
        NetworkPolicySpecArgs spec = new()
        {
            PodSelector = new LabelSelectorArgs { MatchLabels = WorkloadLabels.Selector(plan) },
            PolicyTypes = { "Ingress", "Egress" },
        };
        foreach (IGrouping<string, NetworkEdge> edges in cluster.Edges.Where(edge => edge.To == plan.Name).GroupBy(edge => edge.From))
        {
            spec.Ingress.Add(new NetworkPolicyIngressRuleArgs { From = Peers(cluster, edges.Key), Ports = Ports(edges) });
        }

        spec.Egress.Add(new NetworkPolicyEgressRuleArgs
        {
            To = [.. ClusterDns.Select(name => InNamespace("kube-system", new() { [DnsLabel] = name }))],
            Ports = [Port(DnsPort, TransportProtocol.Udp), Port(DnsPort, TransportProtocol.Tcp)],
        });
        foreach (IGrouping<string, NetworkEdge> edges in cluster.Edges.Where(edge => edge.From == plan.Name).GroupBy(edge => edge.To))
        {
            spec.Egress.Add(new NetworkPolicyEgressRuleArgs { To = Peers(cluster, edges.Key), Ports = Ports(edges) });
        }

        return spec;
    }

    private static NetworkPolicyPeerArgs[] Peers(ChainCluster cluster, string end) => end switch
    {
        NetworkParties.LoadBalancer => In(cluster.Parties.LoadBalancer),
        NetworkParties.Database => In(cluster.Parties.Database),
        NetworkParties.CloudIdentity => In(cluster.Parties.CloudIdentity),
        NetworkParties.KubernetesApi => In(cluster.Parties.KubernetesApi),
        NetworkParties.Internet =>
        [
            new NetworkPolicyPeerArgs
            {
                IpBlock = new IPBlockArgs { Cidr = "0.0.0.0/0", Except = PartyAddresses.NotInternet.Select(block => block.ToString()).ToArray() },
            },
        ],
        NetworkParties.Prometheus => [InNamespace(ClusterNamespaces.Monitoring, new() { [WorkloadLabels.Name] = "prometheus" })],
        NetworkParties.Tenants =>
        [
            new NetworkPolicyPeerArgs
            {
                NamespaceSelector = new LabelSelectorArgs { MatchLabels = { [WorkloadLabels.NamespaceName] = ClusterNamespaces.DwsTenants } },
            },
        ],
        _ => [InNamespace(cluster.Plan(end).Namespace, WorkloadLabels.Selector(cluster.Plan(end)))],
    };

    private static NetworkPolicyPeerArgs[] In(IEnumerable<CidrBlock> blocks) =>
        [.. blocks.Select(block => new NetworkPolicyPeerArgs { IpBlock = new IPBlockArgs { Cidr = block.ToString() } })];

    private static NetworkPolicyPeerArgs InNamespace(string name, Dictionary<string, string> pods) => new()
    {
        NamespaceSelector = new LabelSelectorArgs { MatchLabels = { [WorkloadLabels.NamespaceName] = name } },
        PodSelector = new LabelSelectorArgs { MatchLabels = pods },
    };

    private static NetworkPolicyPortArgs[] Ports(IEnumerable<NetworkEdge> edges) =>
        [.. edges.Where(edge => edge.Port != NetworkEdge.AnyPort).Select(edge => Port(edge.Port, edge.Protocol))];

    private static NetworkPolicyPortArgs Port(int port, TransportProtocol protocol) => new() { Port = port, Protocol = PodContainer.NameOf(protocol) };
}
