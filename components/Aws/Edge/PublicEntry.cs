using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Ec2.Inputs;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about any entry from the internet.</summary>
public abstract class PublicEntryArgs : ResourceArgs
{
    /// <summary>The endpoints, whose zone the entry's names are in.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The network.</summary>
    [Input("vpcId", required: true)]
    public Input<string> VpcId { get; set; } = null!;

    /// <summary>The network's public subnets.</summary>
    [Input("subnetIds", required: true)]
    public InputList<string> SubnetIds { get; set; } = [];

    /// <summary>The addresses of the network, where the targets are.</summary>
    public required CidrBlock NetworkAddresses { get; init; }

    /// <summary>Whether the load balancer refuses to be deleted.</summary>
    public bool Protect { get; init; }
}

/// <summary>What every entry from the internet is made of: ports that are open to anybody, and targets that are pods.</summary>
internal sealed class PublicEntry(PublicEntryArgs args)
{
    private readonly Dictionary<string, Output<string>> _arns = new(StringComparer.Ordinal);

    /// <summary>The target groups by the names under which they were declared.</summary>
    public Output<ImmutableDictionary<string, string>> TargetGroupArns =>
        Output.All(_arns.Select(pair => pair.Value.Apply(arn => KeyValuePair.Create(pair.Key, arn)))).Apply(pairs => pairs.ToImmutableDictionary());

    /// <summary>A port that anybody may connect to.</summary>
    public static SecurityGroupIngressArgs FromAnywhere(int port, string description) => new()
    {
        Protocol = "tcp", FromPort = port, ToPort = port, CidrBlocks = { "0.0.0.0/0" }, Description = description,
    };

    /// <summary>Ports of the network's own addresses.</summary>
    public SecurityGroupEgressArgs ToPods(int from, int to, string description) => new()
    {
        Protocol = "tcp", FromPort = from, ToPort = to, CidrBlocks = { args.NetworkAddresses.ToString() }, Description = description,
    };

    /// <summary>How pods are asked whether they are well.</summary>
    public static TargetGroupHealthCheckArgs Health(int port, string path, string matcher) => new()
    {
        Port = FormattableString.Invariant($"{port}"), Path = path, Matcher = matcher, Interval = 15, Timeout = 5, HealthyThreshold = 2, UnhealthyThreshold = 3,
    };

    /// <summary>Pods that take what comes to a port; they join by TargetGroupBinding.</summary>
    /// <param name="name">Under which name the group is found.</param>
    /// <param name="resource">The resource's name.</param>
    /// <param name="targets">What is the group's own.</param>
    /// <param name="options">The parent.</param>
    public TargetGroup Targets(string name, string resource, TargetGroupArgs targets, CustomResourceOptions options)
    {
        targets.VpcId = args.VpcId;
        targets.TargetType = "ip";
        TargetGroup group = new(resource, targets, options);
        _arns[name] = group.Arn;
        return group;
    }
}
