using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;
using Pulumi.Aws.WafV2;
using Pulumi.Aws.WafV2.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its load balancer.</summary>
public sealed class LoadBalancerArgs : PublicEntryArgs
{
    /// <summary>The firewall's limits.</summary>
    public required FirewallPlan Firewall { get; init; }

    /// <summary>The validated certificate for the endpoints' names.</summary>
    [Input("certificateArn", required: true)]
    public Input<string> CertificateArn { get; set; } = null!;

    /// <summary>The bucket for access logs.</summary>
    [Input("logBucket", required: true)]
    public Input<string> LogBucket { get; set; } = null!;
}

/// <summary>
/// The public entry: an application load balancer behind the firewall, with one target group with its health check and one rule by
/// host name for each endpoint. Whatever no rule matches gets 404, so that an outage never looks healthy. Pods join the target groups
/// by TargetGroupBinding.
/// </summary>
public sealed class LoadBalancer : ComponentResource
{
    private const int RulePriorityStep = 10;

    private readonly string _name;
    private readonly LoadBalancerArgs _args;
    private readonly PublicEntry _entry;
    private readonly CustomResourceOptions _child;

    /// <summary>Declares the entry.</summary>
    public LoadBalancer(string name, LoadBalancerArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:LoadBalancer", name, args, options)
    {
        _name = name;
        _args = args;
        _entry = new PublicEntry(args);
        _child = new CustomResourceOptions { Parent = this };
        SecurityGroup access = AccessGroup();
        Pulumi.Aws.LB.LoadBalancer balancer = new(
            name,
            new Pulumi.Aws.LB.LoadBalancerArgs
            {
                LoadBalancerType = "application",
                Internal = false,
                Subnets = args.SubnetIds,
                SecurityGroups = { access.Id },
                DropInvalidHeaderFields = true,
                DesyncMitigationMode = "defensive",
                EnableHttp2 = true,
                EnableDeletionProtection = args.Protect,

                // WebSocket subscriptions are silent between blocks.
                IdleTimeout = 300,
                AccessLogs = new LoadBalancerAccessLogsArgs { Bucket = args.LogBucket, Enabled = true, Prefix = name },
            },
            new CustomResourceOptions { Parent = this, Protect = args.Protect });
        Firewall(balancer);
        Listener https = Listeners(balancer);

        foreach ((Endpoint endpoint, int place) in args.Endpoints.Routed
            .Where(endpoint => endpoint.Exposure == EndpointExposure.Public)
            .Select((endpoint, place) => (endpoint, place)))
        {
            Route(endpoint, place, https);
        }

        SecurityGroupId = access.Id;
        DnsName = balancer.DnsName;
        DnsZoneId = balancer.ZoneId;
        ArnSuffix = balancer.ArnSuffix;
        TargetGroupArns = _entry.TargetGroupArns;
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["securityGroupId"] = SecurityGroupId,
            ["dnsName"] = DnsName,
            ["dnsZoneId"] = DnsZoneId,
            ["arnSuffix"] = ArnSuffix,
            ["targetGroupArns"] = TargetGroupArns,
        });
    }

    /// <summary>The group of the load balancer; the cluster lets it in.</summary>
    [Output("securityGroupId")]
    public Output<string> SecurityGroupId { get; private set; }

    /// <summary>The load balancer's own name.</summary>
    [Output("dnsName")]
    public Output<string> DnsName { get; private set; }

    /// <summary>The cloud's zone in which its own name is, for records that point at it.</summary>
    [Output("dnsZoneId")]
    public Output<string> DnsZoneId { get; private set; }

    /// <summary>The part of the ARN that alarms use.</summary>
    [Output("arnSuffix")]
    public Output<string> ArnSuffix { get; private set; }

    /// <summary>The target group of each endpoint, by its name.</summary>
    [Output("targetGroupArns")]
    public Output<ImmutableDictionary<string, string>> TargetGroupArns { get; private set; }

    private SecurityGroup AccessGroup() => new($"{_name}-access", new SecurityGroupArgs
    {
        VpcId = _args.VpcId,
        Description = "HTTPS, and HTTP to be redirected, from anywhere; to targets inside the network only",
        Ingress =
        {
            PublicEntry.FromAnywhere(443, "HTTPS"),
            PublicEntry.FromAnywhere(80, "HTTP, redirected to HTTPS"),
        },
        Egress = { _entry.ToPods(1024, 65535, "Pods") },
    }, _child);

    private void Firewall(Pulumi.Aws.LB.LoadBalancer balancer)
    {
        WebAcl firewall = new(_name, new WebAclArgs
        {
            Scope = "REGIONAL",
            Description = $"Guards the entry of {_name}",
            DefaultAction = new WebAclDefaultActionArgs { Allow = new WebAclDefaultActionAllowArgs() },
            RuleJson = _args.Firewall.ToAwsRules(_args.Endpoints, _name),
            VisibilityConfig = new WebAclVisibilityConfigArgs { CloudwatchMetricsEnabled = true, SampledRequestsEnabled = true, MetricName = _name },
        }, _child);
        _ = new WebAclAssociation(_name, new WebAclAssociationArgs { ResourceArn = balancer.Arn, WebAclArn = firewall.Arn }, _child);
    }

    private Listener Listeners(Pulumi.Aws.LB.LoadBalancer balancer)
    {
        _ = new Listener($"{_name}-http", new ListenerArgs
        {
            LoadBalancerArn = balancer.Arn,
            Port = 80,
            Protocol = "HTTP",
            DefaultActions = new ListenerDefaultActionArgs
            {
                Type = "redirect",
                Redirect = new ListenerDefaultActionRedirectArgs { Port = "443", Protocol = "HTTPS", StatusCode = "HTTP_301" },
            },
        }, _child);
        return new Listener($"{_name}-https", new ListenerArgs
        {
            LoadBalancerArn = balancer.Arn,
            Port = 443,
            Protocol = "HTTPS",
            SslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06",
            CertificateArn = _args.CertificateArn,
            RoutingHttpResponseStrictTransportSecurityHeaderValue = "max-age=31536000; includeSubDomains",
            RoutingHttpResponseServerEnabled = false,
            DefaultActions = new ListenerDefaultActionArgs
            {
                Type = "fixed-response",
                FixedResponse = new ListenerDefaultActionFixedResponseArgs { ContentType = "text/plain", StatusCode = "404", MessageBody = "No such host" },
            },
        }, _child);
    }

    private void Route(Endpoint endpoint, int place, Listener https)
    {
        string child = $"{_name}-{endpoint.Name}";
        string host = endpoint.HostIn(_args.Endpoints.Zone);
        Endpoint asked = _args.Endpoints.AskedFor(endpoint);
        TargetGroup targets = _entry.Targets(endpoint.Name, child, new TargetGroupArgs
        {
            Port = endpoint.Port,
            Protocol = "HTTP",
            ProtocolVersion = endpoint.Protocol == EndpointProtocol.Grpc ? "GRPC" : "HTTP1",
            DeregistrationDelay = 30,
            HealthCheck = PublicEntry.Health(asked.Port, asked.HealthPath, endpoint.Protocol == EndpointProtocol.Grpc ? "0" : asked.AnswersPlainRequests ? "200" : "405"),
        }, _child);
        _ = new ListenerRule(child, new ListenerRuleArgs
        {
            ListenerArn = https.Arn,
            Priority = (place + 1) * RulePriorityStep,
            Conditions = new ListenerRuleConditionArgs { HostHeader = new ListenerRuleConditionHostHeaderArgs { Values = { host } } },
            Actions = new ListenerRuleActionArgs { Type = "forward", TargetGroupArn = targets.Arn },
        }, _child);
    }
}
