using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.Ec2;
using Pulumi.Aws.Ec2.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its AWS network.</summary>
public sealed class NetworkArgs : ResourceArgs
{
    /// <summary>The addresses, from the one plan of all stacks.</summary>
    public required AwsAddressPlan Addresses { get; init; }

    /// <summary>The region, for example <c>eu-west-1</c>; its zones a, b and c are used.</summary>
    public required string Region { get; init; }

    /// <summary>The key that encrypts the flow logs.</summary>
    [Input("logKeyArn", required: true)]
    public Input<string> LogKeyArn { get; set; } = null!;

    /// <summary>
    /// Whether every zone has a NAT gateway of its own. One for all is cheaper; then the loss of its zone cuts off the nodes of the others.
    /// </summary>
    public bool NatPerZone { get; init; }

    /// <summary>How long flow logs are kept, in days.</summary>
    public int FlowLogRetentionDays { get; init; } = 90;
}

/// <summary>
/// A VPC over three zones. Public subnets hold load balancers and NAT, private ones nodes and pods, data subnets databases; data subnets have no
/// route to the internet. The cloud's own services are reached through endpoints, never through NAT. All traffic is logged.
/// </summary>
public sealed class Network : ComponentResource
{
    /// <summary>Services reached through interface endpoints: images, identity, logs, keys, secrets.</summary>
    private static readonly ImmutableArray<string> InterfaceEndpointServices =
        ["ecr.api", "ecr.dkr", "sts", "logs", "kms", "secretsmanager", "ec2", "elasticloadbalancing", "autoscaling"];

    private readonly string _name;
    private readonly CustomResourceOptions _child;

    /// <summary>Declares the network.</summary>
    public Network(string name, NetworkArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Network", name, args, options)
    {
        _name = name;
        _child = new CustomResourceOptions { Parent = this };
        Vpc vpc = new(name, new VpcArgs
        {
            CidrBlock = args.Addresses.Network.ToString(),
            EnableDnsHostnames = true,
            EnableDnsSupport = true,
            Tags = { ["Name"] = name },
        }, _child);
        VpcId = vpc.Id;

        // The default group is adopted without a single rule, so that nothing can be reached by leaving the group out.
        _ = new DefaultSecurityGroup($"{name}-default", new DefaultSecurityGroupArgs { VpcId = vpc.Id }, _child);

        InternetGateway internet = new($"{name}-internet", new InternetGatewayArgs { VpcId = vpc.Id, Tags = { ["Name"] = name } }, _child);
        Subnet[] publicSubnets = Subnets("public", args.Region, args.Addresses.Public, ("kubernetes.io/role/elb", "1"));
        Subnet[] privateSubnets = Subnets("private", args.Region, args.Addresses.Private, ("kubernetes.io/role/internal-elb", "1"));
        Subnet[] dataSubnets = Subnets("data", args.Region, args.Addresses.Data, ("jeju/tier", "data"));

        RouteTable publicRoutes = Routes("public", publicSubnets);
        _ = new Route($"{name}-public-internet", new RouteArgs
        {
            RouteTableId = publicRoutes.Id,
            DestinationCidrBlock = "0.0.0.0/0",
            GatewayId = internet.Id,
        }, _child);

        RouteTable[] privateRoutes = PrivateRoutes(args, publicSubnets, privateSubnets, internet);
        RouteTable dataRoutes = Routes("data", dataSubnets);

        _ = new VpcEndpoint($"{name}-s3", new VpcEndpointArgs
        {
            VpcId = vpc.Id,
            ServiceName = $"com.amazonaws.{args.Region}.s3",
            VpcEndpointType = "Gateway",
            RouteTableIds = { publicRoutes.Id, dataRoutes.Id, privateRoutes.Select(table => table.Id).ToArray() },
            Tags = { ["Name"] = $"{name}-s3" },
        }, _child);
        InterfaceEndpoints(args, privateSubnets);
        FlowLogs(args);

        PrivateRouteTableIds = [.. privateRoutes.Select(table => table.Id)];
        PublicSubnetIds = Output.All(publicSubnets.Select(subnet => subnet.Id));
        PrivateSubnetIds = Output.All(privateSubnets.Select(subnet => subnet.Id));
        DataSubnetIds = Output.All(dataSubnets.Select(subnet => subnet.Id));
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["vpcId"] = VpcId,
            ["publicSubnetIds"] = PublicSubnetIds,
            ["privateSubnetIds"] = PrivateSubnetIds,
            ["dataSubnetIds"] = DataSubnetIds,
        });
    }

    /// <summary>The VPC's id.</summary>
    [Output("vpcId")]
    public Output<string> VpcId { get; private set; }

    /// <summary>One public subnet per zone, in the order of the zones.</summary>
    [Output("publicSubnetIds")]
    public Output<ImmutableArray<string>> PublicSubnetIds { get; private set; }

    /// <summary>One private subnet per zone.</summary>
    [Output("privateSubnetIds")]
    public Output<ImmutableArray<string>> PrivateSubnetIds { get; private set; }

    /// <summary>The route table of each private subnet.</summary>
    public IReadOnlyList<Output<string>> PrivateRouteTableIds { get; }

    /// <summary>One data subnet per zone.</summary>
    [Output("dataSubnetIds")]
    public Output<ImmutableArray<string>> DataSubnetIds { get; private set; }

    private static char ZoneLetter(int zone) => (char)('a' + zone);

    private Subnet[] Subnets(string tier, string region, IReadOnlyList<CidrBlock> blocks, (string Key, string Value) role) =>
        [.. blocks.Select((block, zone) => new Subnet($"{_name}-{tier}-{ZoneLetter(zone)}", new SubnetArgs
        {
            VpcId = VpcId,
            CidrBlock = block.ToString(),
            AvailabilityZone = $"{region}{ZoneLetter(zone)}",

            // Load balancers and NAT bring addresses of their own; nothing else in a public subnet gets one by default.
            MapPublicIpOnLaunch = false,
            Tags = { ["Name"] = $"{_name}-{tier}-{ZoneLetter(zone)}", [role.Key] = role.Value },
        }, _child))];

    private RouteTable Routes(string tier, params Subnet[] subnets)
    {
        RouteTable table = new($"{_name}-{tier}", new RouteTableArgs { VpcId = VpcId, Tags = { ["Name"] = $"{_name}-{tier}" } }, _child);
        for (int index = 0; index < subnets.Length; index++)
        {
            string suffix = subnets.Length == 1 ? string.Empty : $"-{ZoneLetter(index)}";
            _ = new RouteTableAssociation($"{_name}-{tier}{suffix}", new RouteTableAssociationArgs
            {
                RouteTableId = table.Id,
                SubnetId = subnets[index].Id,
            }, _child);
        }

        return table;
    }

    private RouteTable[] PrivateRoutes(NetworkArgs args, Subnet[] publicSubnets, Subnet[] privateSubnets, InternetGateway internet)
    {
        int gateways = args.NatPerZone ? publicSubnets.Length : 1;
        NatGateway[] nat = new NatGateway[gateways];
        for (int zone = 0; zone < gateways; zone++)
        {
            string child = $"{_name}-nat-{ZoneLetter(zone)}";
            Eip address = new(child, new EipArgs { Domain = "vpc", Tags = { ["Name"] = child } }, _child);
            nat[zone] = new NatGateway(
                child,
                new NatGatewayArgs { AllocationId = address.Id, SubnetId = publicSubnets[zone].Id, Tags = { ["Name"] = child } },
                new CustomResourceOptions { Parent = this, DependsOn = { internet } });
        }

        RouteTable[] tables = new RouteTable[privateSubnets.Length];
        for (int zone = 0; zone < privateSubnets.Length; zone++)
        {
            string tier = $"private-{ZoneLetter(zone)}";
            tables[zone] = Routes(tier, privateSubnets[zone]);
            _ = new Route($"{_name}-{tier}-nat", new RouteArgs
            {
                RouteTableId = tables[zone].Id,
                DestinationCidrBlock = "0.0.0.0/0",
                NatGatewayId = nat[zone % gateways].Id,
            }, _child);
        }

        return tables;
    }

    private void InterfaceEndpoints(NetworkArgs args, Subnet[] privateSubnets)
    {
        SecurityGroup group = new($"{_name}-endpoints", new SecurityGroupArgs
        {
            VpcId = VpcId,
            Description = "HTTPS from inside the network to the cloud's own services",
            Ingress =
            {
                new SecurityGroupIngressArgs
                {
                    Protocol = "tcp",
                    FromPort = 443,
                    ToPort = 443,
                    CidrBlocks = { args.Addresses.Network.ToString() },
                    Description = "HTTPS from the network",
                },
            },
            Tags = { ["Name"] = $"{_name}-endpoints" },
        }, _child);
        foreach (string service in InterfaceEndpointServices)
        {
            string child = $"{_name}-{service.Replace('.', '-')}";
            _ = new VpcEndpoint(child, new VpcEndpointArgs
            {
                VpcId = VpcId,
                ServiceName = $"com.amazonaws.{args.Region}.{service}",
                VpcEndpointType = "Interface",
                PrivateDnsEnabled = true,
                SubnetIds = { privateSubnets.Select(subnet => subnet.Id).ToArray() },
                SecurityGroupIds = { group.Id },
                Tags = { ["Name"] = child },
            }, _child);
        }
    }

    private void FlowLogs(NetworkArgs args)
    {
        Pulumi.Aws.CloudWatch.LogGroup log = new($"{_name}-flow", new Pulumi.Aws.CloudWatch.LogGroupArgs
        {
            RetentionInDays = args.FlowLogRetentionDays,
            KmsKeyId = args.LogKeyArn,
        }, _child);
        Pulumi.Aws.Iam.Role writer = new($"{_name}-flow", new Pulumi.Aws.Iam.RoleArgs
        {
            Description = "Lets the VPC write its flow logs",
            AssumeRolePolicy = ServiceTrust.Of("vpc-flow-logs.amazonaws.com"),
        }, _child);
        _ = new Pulumi.Aws.Iam.RolePolicy($"{_name}-flow", new Pulumi.Aws.Iam.RolePolicyArgs
        {
            Role = writer.Id,
            Policy = log.Arn.Apply(arn => new IamPolicyDocument(new IamStatement(
                "WriteFlowLogs",
                ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                [$"{arn}:*"])).ToJson()),
        }, _child);
        _ = new FlowLog($"{_name}-flow", new FlowLogArgs
        {
            VpcId = VpcId,
            TrafficType = "ALL",
            LogDestinationType = "cloud-watch-logs",
            LogDestination = log.Arn,
            IamRoleArn = writer.Arn,
            MaxAggregationInterval = 60,
        }, _child);
    }
}
