using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>Whom the operators of a namespace may talk to, beside the API server and the cloud's own interfaces.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="WebhookPorts">Ports on which the API server asks them.</param>
/// <param name="MetricsPorts">Ports from which Prometheus reads.</param>
/// <param name="HasCloudIdentity">Whether they fetch a token of the cloud.</param>
/// <param name="ReadsEverything">Whether they read the metrics of the whole cluster and of its nodes.</param>
internal sealed record OperatorEdges(
    string Namespace,
    IReadOnlyList<int> WebhookPorts,
    IReadOnlyList<int> MetricsPorts,
    bool HasCloudIdentity = false,
    bool ReadsEverything = false)
{
    private const int NodeExporterPort = 9100;
    private const int KubeletPort = 10250;

    /// <summary>The edges of a cloud's operators; node exporters are on the network of their node, which no policy governs.</summary>
    public static IReadOnlyList<OperatorEdges> Of(CloudName cloud) => cloud == CloudName.Aws
        ? [.. Shared, new(ClusterNamespaces.LoadBalancer, [9443], [8080], HasCloudIdentity: true), new(ClusterNamespaces.Autoscaler, [], [8085], HasCloudIdentity: true), new(ClusterNamespaces.MetricsServer, [10250], [10250], ReadsEverything: true)]
        : Shared;

    private static OperatorEdges[] Shared { get; } =
    [
        new(ClusterNamespaces.Monitoring, [10250], [], HasCloudIdentity: true, ReadsEverything: true),
        new(ClusterNamespaces.ExternalSecrets, [10250], [8080], HasCloudIdentity: true),
        new(ClusterNamespaces.CertManager, [10250], [9402]),
        new(ClusterNamespaces.ExternalDns, [], [7979], HasCloudIdentity: true),
    ];

    /// <summary>Where a pod fetches the cloud's token: the agent of pod identity, or the metadata server.</summary>
    public static string IdentityAddress(CloudName cloud) => cloud == CloudName.Aws ? "169.254.170.23/32" : "169.254.169.254/32";

    /// <summary>Declares the policy.</summary>
    /// <param name="name">The stem of the resource's name.</param>
    /// <param name="cloud">The cloud.</param>
    /// <param name="controlPlane">Addresses from which the API server calls.</param>
    /// <param name="network">Addresses of the nodes.</param>
    /// <param name="options">The resource's options.</param>
    public NetworkPolicy Declare(string name, CloudName cloud, CidrBlock controlPlane, CidrBlock network, CustomResourceOptions options) => new(
        $"{name}-{Namespace}-operators",
        new NetworkPolicyArgs
        {
            Metadata = new ObjectMetaArgs { Name = "operators", Namespace = Namespace },
            Spec = new NetworkPolicySpecArgs
            {
                PodSelector = new LabelSelectorArgs(),
                PolicyTypes = { "Ingress", "Egress" },
                Ingress = Ingress(controlPlane).ToArray(),
                Egress = Egress(cloud, network).ToArray(),
            },
        },
        options);

    private IEnumerable<NetworkPolicyIngressRuleArgs> Ingress(CidrBlock controlPlane)
    {
        yield return new NetworkPolicyIngressRuleArgs { From = Peer(Namespace) };
        if (WebhookPorts.Count > 0)
        {
            yield return new NetworkPolicyIngressRuleArgs { From = Peer(controlPlane.ToString(), null), Ports = Ports(WebhookPorts) };
        }

        if (MetricsPorts.Count > 0)
        {
            yield return new NetworkPolicyIngressRuleArgs { From = Peer(ClusterNamespaces.Monitoring), Ports = Ports(MetricsPorts) };
        }
    }

    private IEnumerable<NetworkPolicyEgressRuleArgs> Egress(CloudName cloud, CidrBlock network)
    {
        yield return new NetworkPolicyEgressRuleArgs { To = Peer(Namespace) };

        // The API server and the cloud's interfaces have no address that is known here; the node's credentials are never among them.
        yield return new NetworkPolicyEgressRuleArgs { To = Peer("0.0.0.0/0", "169.254.0.0/16"), Ports = Ports([443]) };
        if (HasCloudIdentity)
        {
            yield return new NetworkPolicyEgressRuleArgs { To = Peer(IdentityAddress(cloud), null), Ports = Ports([80]) };
        }

        if (ReadsEverything)
        {
            yield return new NetworkPolicyEgressRuleArgs { To = Peer(network.ToString(), null), Ports = Ports([KubeletPort, NodeExporterPort]) };
            yield return new NetworkPolicyEgressRuleArgs { To = new NetworkPolicyPeerArgs { NamespaceSelector = new LabelSelectorArgs() } };
        }
    }

    private static NetworkPolicyPeerArgs Peer(string name) =>
        new() { NamespaceSelector = new LabelSelectorArgs { MatchLabels = { ["kubernetes.io/metadata.name"] = name } } };

    private static NetworkPolicyPeerArgs Peer(string block, string? except)
    {
        IPBlockArgs addresses = new() { Cidr = block };
        if (except is not null)
        {
            addresses.Except.Add(except);
        }

        return new NetworkPolicyPeerArgs { IpBlock = addresses };
    }

    private static InputList<NetworkPolicyPortArgs> Ports(IEnumerable<int> ports) =>
        ports.Select(port => new NetworkPolicyPortArgs { Port = port, Protocol = "TCP" }).ToArray();
}
