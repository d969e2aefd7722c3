using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>How the entry of a cluster's leases reaches the gateway; either as on AWS or as on Google Cloud.</summary>
public sealed class LeaseRoutesArgs : ResourceArgs
{
    /// <summary>The network; on AWS.</summary>
    [Input("vpcId")]
    public Input<string>? VpcId { get; set; }

    /// <summary>The load balancer's target group of each of the gateway's ports, by the port's name; on AWS.</summary>
    [Input("targetGroupArns")]
    public Input<ImmutableDictionary<string, string>>? TargetGroupArns { get; set; }

    /// <summary>The public address; on Google Cloud, where the service's own load balancer takes it.</summary>
    [Input("address")]
    public Input<string>? Address { get; set; }

    /// <summary>What must be there before: the operator that registers pods, and the gateway.</summary>
    public required IReadOnlyList<Resource> After { get; init; }
}

/// <summary>Joins the pods of the leases' gateway to the entry: a binding for each target group, or the one service of the cluster that has a load balancer of its own.</summary>
public sealed class LeaseRoutes : ComponentResource
{
    /// <summary>Declares the routes.</summary>
    public LeaseRoutes(string name, LeaseRoutesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:LeaseRoutes", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this, DependsOn = args.After.Select(resource => (Input<Resource>)resource).ToArray() };
        string @namespace = ClusterNamespaces.OfService(WorkloadNames.LeaseGateway);
        if (args is { TargetGroupArns: { } groups, VpcId: { } vpc })
        {
            foreach (string port in LeaseAccess.Ports.Select(LeaseAccess.PortName))
            {
                CustomObjectArgs.Declare($"{name}-{port}", "elbv2.k8s.aws/v1beta1", "TargetGroupBinding", port, @namespace, new Map
                {
                    ["targetGroupARN"] = groups.ToOutput().Apply(arns => arns[port]),
                    ["targetType"] = "ip",
                    ["ipAddressType"] = "ipv4",
                    ["vpcID"] = vpc.ToOutput(),
                    ["serviceRef"] = new Map { ["name"] = WorkloadNames.LeaseGateway, ["port"] = port },
                }, child);
            }
        }

        if (args.Address is { } address)
        {
            _ = new Service(
                name,
                new ServiceArgs
                {
                    Metadata = new ObjectMetaArgs
                    {
                        Name = $"{WorkloadNames.LeaseGateway}-public",
                        Namespace = @namespace,
                        Labels = { ["app.kubernetes.io/part-of"] = "jeju" },

                        // A load balancer with health checks of its own for each service (Google Kubernetes Engine documentation, "LoadBalancer Services").
                        Annotations = { ["cloud.google.com/l4-rbs"] = "enabled" },
                    },
                    Spec = new ServiceSpecArgs
                    {
                        Type = "LoadBalancer",
                        LoadBalancerIP = address,

                        // The client's own address reaches the pod, and no node passes connections on to another.
                        ExternalTrafficPolicy = "Local",
                        Selector = { [WorkloadLabels.Name] = WorkloadNames.LeaseGateway },
                        Ports = LeaseAccess.Ports.Select(port => new ServicePortArgs
                        {
                            Name = LeaseAccess.PortName(port), Port = port, TargetPort = LeaseAccess.PortName(port), Protocol = "TCP",
                        }).ToArray(),
                    },
                },
                child);
        }

        RegisterOutputs();
    }
}
