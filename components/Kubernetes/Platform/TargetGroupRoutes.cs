using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>How hosts reach pods on AWS.</summary>
public sealed class TargetGroupRoutesArgs : ResourceArgs
{
    /// <summary>The endpoints.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The network.</summary>
    [Input("vpcId", required: true)]
    public Input<string> VpcId { get; set; } = null!;

    /// <summary>The load balancer's target group of each endpoint, by its name.</summary>
    [Input("targetGroupArns", required: true)]
    public Input<ImmutableDictionary<string, string>> TargetGroupArns { get; set; } = null!;

    /// <summary>What must be there before: the operator that registers pods, and the services.</summary>
    public required IReadOnlyList<Resource> After { get; init; }
}

/// <summary>
/// One binding for each public endpoint: it keeps the pods of a service in the target group that the load balancer forwards the host to. The listener's rule and its answer
/// of 404 to every other host belong to the load balancer.
/// </summary>
public sealed class TargetGroupRoutes : ComponentResource
{
    /// <summary>Declares the routes.</summary>
    public TargetGroupRoutes(string name, TargetGroupRoutesArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:TargetGroupRoutes", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this, DependsOn = args.After.Select(resource => (Input<Resource>)resource).ToArray() };
        foreach (ClusterRoute route in ClusterRoutes.Public(args.Endpoints))
        {
            CustomObjectArgs.Declare($"{name}-{route.Endpoint.Name}", "elbv2.k8s.aws/v1beta1", "TargetGroupBinding", route.Endpoint.Name, route.Namespace, new Map
            {
                ["targetGroupARN"] = args.TargetGroupArns.ToOutput().Apply(arns => arns[route.Endpoint.Name]),
                ["targetType"] = "ip",
                ["ipAddressType"] = "ipv4",
                ["vpcID"] = args.VpcId.ToOutput(),
                ["serviceRef"] = new Map { ["name"] = route.Endpoint.Service, ["port"] = route.Endpoint.Port },
            }, child);
        }

        InternalRoutes.Declare(name, args.Endpoints, child);
        RegisterOutputs();
    }
}
