using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>
/// The internal endpoints: a service without an address of its own for each, whose pods the DNS operator writes into the private zone. Pods have addresses of the network on both clouds,
/// so no load balancer is between. Who may connect is decided by the pods' network policy.
/// </summary>
internal static class InternalRoutes
{
    private const string TimeToLiveSeconds = "30";

    public static void Declare(string name, EndpointTable endpoints, CustomResourceOptions options)
    {
        foreach (ClusterRoute route in ClusterRoutes.Internal(endpoints))
        {
            _ = new Pulumi.Kubernetes.Core.V1.Service($"{name}-{route.Endpoint.Name}-internal", new ServiceArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = $"{route.Endpoint.Service}-internal",
                    Namespace = route.Namespace,
                    Labels = { ["app.kubernetes.io/part-of"] = "jeju" },
                    Annotations =
                    {
                        ["external-dns.alpha.kubernetes.io/hostname"] = route.Host,
                        ["external-dns.alpha.kubernetes.io/ttl"] = TimeToLiveSeconds,
                    },
                },
                Spec = new ServiceSpecArgs
                {
                    ClusterIP = "None",
                    Selector = { [WorkloadLabels.Name] = route.Endpoint.Service },
                    Ports = new ServicePortArgs { Name = route.Endpoint.Name, Port = route.Endpoint.Port, TargetPort = route.Endpoint.Port, Protocol = "TCP" },
                },
            }, options);
        }
    }
}
