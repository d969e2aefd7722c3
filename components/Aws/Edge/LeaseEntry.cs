using System.Collections.Immutable;
using System.Globalization;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;
using Pulumi.Aws.Route53;
using Pulumi.Aws.Route53.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about the entry of its leases.</summary>
public sealed class LeaseEntryArgs : PublicEntryArgs
{
    /// <summary>The DNS zone.</summary>
    [Input("zoneId", required: true)]
    public Input<string> ZoneId { get; set; } = null!;
}

/// <summary>
/// Where consumers reach their leases: one network load balancer for all of them, with a listener for each port of the kinds and one name for every name below the leases' domain. It looks into nothing: behind it the
/// cluster's gateway reads which lease a client wants, and TLS ends in the lease (<see cref="LeaseAccess"/>). Pods of the gateway join the target groups by TargetGroupBinding.
/// </summary>
public sealed class LeaseEntry : ComponentResource
{
    /// <summary>Declares the entry.</summary>
    public LeaseEntry(string name, LeaseEntryArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:LeaseEntry", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        PublicEntry entry = new(args);
        string stem = $"{name}-leases";
        SecurityGroup access = new(stem, new SecurityGroupArgs
        {
            VpcId = args.VpcId,
            Description = "The ports of leased services from anywhere; to the gateway's pods only",
            Ingress = LeaseAccess.Ports.Select(port => PublicEntry.FromAnywhere(port, "Consumers of leases, by TLS")).ToArray(),
            Egress = LeaseAccess.Ports.Append(LeaseAccess.HealthPort).Select(port => entry.ToPods(port, port, "The gateway's pods")).ToArray(),
        }, child);
        Pulumi.Aws.LB.LoadBalancer balancer = new(
            stem,
            new Pulumi.Aws.LB.LoadBalancerArgs
            {
                LoadBalancerType = "network",
                Internal = false,
                Subnets = args.SubnetIds,
                SecurityGroups = { access.Id },
                EnableCrossZoneLoadBalancing = true,
                EnableDeletionProtection = args.Protect,
            },
            new CustomResourceOptions { Parent = this, Protect = args.Protect });
        foreach (int port in LeaseAccess.Ports)
        {
            string part = string.Create(CultureInfo.InvariantCulture, $"{name}-lease-{port}");
            TargetGroupHealthCheckArgs health = PublicEntry.Health(LeaseAccess.HealthPort, "/health", "200");
            health.Protocol = "HTTP";
            TargetGroup targets = entry.Targets(LeaseAccess.PortName(port), part, new TargetGroupArgs
            {
                Port = port,
                Protocol = "TCP",

                // The agent asks its leases on this way, too: with its own address, a pod's connection to its own node would come back to itself.
                PreserveClientIp = "false",
                DeregistrationDelay = 120,
                HealthCheck = health,
            }, child);
            _ = new Listener(part, new ListenerArgs
            {
                LoadBalancerArn = balancer.Arn,
                Port = port,
                Protocol = "TCP",
                DefaultActions = new ListenerDefaultActionArgs { Type = "forward", TargetGroupArn = targets.Arn },
            }, child);
        }

        _ = new Record(stem, new RecordArgs
        {
            ZoneId = args.ZoneId,
            Name = $"*.{LeaseAccess.DomainIn(args.Endpoints.Zone)}",
            Type = "A",
            Aliases = new RecordAliasArgs { Name = balancer.DnsName, ZoneId = balancer.ZoneId, EvaluateTargetHealth = false },
        }, child);
        SecurityGroupId = access.Id;
        ArnSuffix = balancer.ArnSuffix;
        Check = OutsideCheck.ForConnection(stem, LeaseAccess.WatchedHostIn(args.Endpoints.Zone), LeaseAccess.Ports[0], child);
        TargetGroupArns = entry.TargetGroupArns;
        RegisterOutputs(new Dictionary<string, object?> { ["securityGroupId"] = SecurityGroupId, ["arnSuffix"] = ArnSuffix, ["check"] = Check, ["targetGroupArns"] = TargetGroupArns });
    }

    /// <summary>The group of the load balancer; the cluster lets it in.</summary>
    [Output("securityGroupId")]
    public Output<string> SecurityGroupId { get; private set; }

    /// <summary>The part of the ARN that alarms use.</summary>
    [Output("arnSuffix")]
    public Output<string> ArnSuffix { get; private set; }

    /// <summary>The check from outside whether it takes connections.</summary>
    [Output("check")]
    public Output<string> Check { get; private set; }

    /// <summary>The target group of each port, by the name of the gateway's port.</summary>
    [Output("targetGroupArns")]
    public Output<ImmutableDictionary<string, string>> TargetGroupArns { get; private set; }
}
