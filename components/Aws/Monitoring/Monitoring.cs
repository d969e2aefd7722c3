using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.CloudWatch;

namespace Jeju.Infra.Components.Aws;

/// <summary>What is watched.</summary>
public sealed class MonitoringArgs : ResourceArgs
{
    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The endpoints; each public one has an uptime alarm.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The database's size, from which its bounds follow.</summary>
    public required DatabasePlan Database { get; init; }

    /// <summary>The database's instances: the primary, and the replica where there is one.</summary>
    public required IReadOnlyList<DatabaseInstance> DatabaseInstances { get; init; }

    /// <summary>The part of the load balancer's ARN that metrics carry.</summary>
    [Input("loadBalancerSuffix", required: true)]
    public Input<string> LoadBalancerSuffix { get; set; } = null!;

    /// <summary>The load balancer's target groups, by endpoint.</summary>
    [Input("targetGroupArns", required: true)]
    public Input<ImmutableDictionary<string, string>> TargetGroupArns { get; set; } = null!;

    /// <summary>The part of the ARN of the leases' entry that metrics carry.</summary>
    [Input("leaseBalancerSuffix", required: true)]
    public Input<string> LeaseBalancerSuffix { get; set; } = null!;

    /// <summary>The target groups of the leases' entry, by the name of the gateway's port.</summary>
    [Input("leaseTargetGroupArns", required: true)]
    public Input<ImmutableDictionary<string, string>> LeaseTargetGroupArns { get; set; } = null!;

    /// <summary>The load balancer's certificate.</summary>
    [Input("certificateArn", required: true)]
    public Input<string> CertificateArn { get; set; } = null!;

    /// <summary>The name under which the firewall reports.</summary>
    public required string FirewallMetric { get; init; }

    /// <summary>The key that encrypts messages and metrics.</summary>
    [Input("logKeyArn", required: true)]
    public Input<string> LogKeyArn { get; set; } = null!;

    /// <summary>How people sign in to the dashboards.</summary>
    public required GrafanaSignIn SignIn { get; init; }

    /// <summary>Who is told, as mail addresses.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }
}

/// <summary>
/// Alarms to one topic, a dashboard of the cloud's own figures, a managed Prometheus that the clusters write to, and a Grafana that reads both. The
/// chain's alerts are rules of the Prometheus in the cluster.
/// </summary>
public sealed class Monitoring : ComponentResource
{
    private readonly string _name;
    private readonly MonitoringArgs _args;
    private readonly CustomResourceOptions _child;

    /// <summary>Declares the alarms, the dashboard and the workspaces.</summary>
    public Monitoring(string name, MonitoringArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Monitoring", name, args, options)
    {
        _name = name;
        _args = args;
        _child = new CustomResourceOptions { Parent = this };
        AlarmTopic topic = new(name, args.AccountId, args.LogKeyArn, args.Recipients, _child);
        TopicArn = topic.Arn;
        foreach (Alarm alarm in args.DatabaseInstances.SelectMany(DatabaseAlarms).Concat(EdgeAlarms()).Concat(LeaseAccess.Ports.Select(Leases)))
        {
            topic.Declare(alarm);
        }

        UptimeAlarms = args.Endpoints.Public.ToDictionary(endpoint => endpoint.Name, endpoint => topic.Declare(Uptime(endpoint)));
        _ = new Dashboard($"{name}-cloud", new DashboardArgs
        {
            DashboardName = $"{name}-cloud",
            DashboardBody = Output.Tuple(args.DatabaseInstances[0].Identifier, args.LoadBalancerSuffix.ToOutput()).Apply(values => CloudDashboard(values.Item1, values.Item2)),
        }, _child);
        Pulumi.Aws.Amp.Workspace prometheus = new($"{name}-metrics", new Pulumi.Aws.Amp.WorkspaceArgs { Alias = name, KmsKeyArn = args.LogKeyArn }, _child);
        Dashboards(prometheus);
        PrometheusEndpoint = prometheus.PrometheusEndpoint;
        PrometheusArn = prometheus.Arn;
        RegisterOutputs(new Dictionary<string, object?>
        {
            ["topicArn"] = TopicArn,
            ["prometheusEndpoint"] = PrometheusEndpoint,
            ["prometheusArn"] = PrometheusArn,
        });
    }

    /// <summary>Where alarms go.</summary>
    [Output("topicArn")]
    public Output<string> TopicArn { get; private set; }

    /// <summary>The alarm that a public endpoint has no healthy pod, by the endpoint's name.</summary>
    public IReadOnlyDictionary<string, Output<string>> UptimeAlarms { get; }

    /// <summary>Where the clusters write their metrics.</summary>
    [Output("prometheusEndpoint")]
    public Output<string> PrometheusEndpoint { get; private set; }

    /// <summary>The Prometheus workspace, for the writer's role.</summary>
    [Output("prometheusArn")]
    public Output<string> PrometheusArn { get; private set; }

    private void Dashboards(Pulumi.Aws.Amp.Workspace prometheus)
    {
        Pulumi.Aws.Iam.Role reader = DashboardReader(prometheus);
        Pulumi.Aws.Grafana.Workspace workspace = new($"{_name}-dashboards", new Pulumi.Aws.Grafana.WorkspaceArgs
        {
            AccountAccessType = "CURRENT_ACCOUNT",
            AuthenticationProviders = { _args.SignIn.ByIdentityCenter ? "AWS_SSO" : "SAML" },

            // What is declared by a program has no role that the console makes.
            PermissionType = "CUSTOMER_MANAGED",
            RoleArn = reader.Arn,
            DataSources = { "PROMETHEUS", "CLOUDWATCH" },
            Description = $"Chain, marketplace and cloud of {_name}",
        }, _child);
        if (_args.SignIn.Provider is { } provider)
        {
            _ = new Pulumi.Aws.Grafana.WorkspaceSamlConfiguration($"{_name}-dashboards", new Pulumi.Aws.Grafana.WorkspaceSamlConfigurationArgs
            {
                WorkspaceId = workspace.Id,
                IdpMetadataUrl = provider.MetadataUrl,
                RoleAssertion = provider.RoleAttribute,
                AdminRoleValues = provider.Administrators.ToArray(),
                EditorRoleValues = provider.Editors.ToArray(),
            }, _child);
        }
    }

    /// <summary>Grafana reads the stack's own metrics, and the cloud's, which are not kept by resource.</summary>
    private Pulumi.Aws.Iam.Role DashboardReader(Pulumi.Aws.Amp.Workspace prometheus)
    {
        Pulumi.Aws.Iam.Role role = new($"{_name}-dashboards", new Pulumi.Aws.Iam.RoleArgs
        {
            Description = $"Lets the dashboards of {_name} read figures",
            AssumeRolePolicy = ServiceTrust.Of("grafana.amazonaws.com"),
        }, _child);
        _ = new Pulumi.Aws.Iam.RolePolicy($"{_name}-dashboards", new Pulumi.Aws.Iam.RolePolicyArgs
        {
            Role = role.Id,
            Policy = prometheus.Arn.Apply(arn => new IamPolicyDocument(
                new IamStatement("ReadMetrics", ["aps:QueryMetrics", "aps:GetLabels", "aps:GetSeries", "aps:GetMetricMetadata", "aps:DescribeWorkspace"], [arn]),
                new IamStatement("ReadCloudMetrics", ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"], ["*"])).ToJson()),
        }, _child);
        return role;
    }

    private IEnumerable<Alarm> DatabaseAlarms(DatabaseInstance instance)
    {
        const double gibibyte = 1024d * 1024 * 1024;
        Alarm Database(string name, string description, string metric, string statistic, string comparison, double threshold, int periods = 5) =>
            new($"{instance.AlarmStem}-{name}", description, "AWS/RDS", metric, statistic, comparison, threshold, 60, periods)
            {
                Dimensions = { ["DBInstanceIdentifier"] = instance.Identifier },
                MissingData = "breaching",
            };

        yield return Database("cpu", "The database has been above 80 % CPU for 15 minutes: look at Performance Insights.", "CPUUtilization", "Average", "GreaterThanThreshold", 80, 15);
        yield return Database(
            "storage",
            "Less than a tenth of the database's first allocation is free: autoscaling has stopped or reached its bound.",
            "FreeStorageSpace", "Minimum", "LessThanThreshold", _args.Database.StorageGigabytes * gibibyte / 10);
        yield return Database(
            "connections",
            "Four fifths of the database's connections are taken: a pool leaks, or has too many members.",
            "DatabaseConnections", "Maximum", "GreaterThanThreshold", _args.Database.MaximumConnections * 0.8);
        if (instance.IsReplica)
        {
            yield return Database("lag", "The replica is five minutes behind: what is read is old.", "ReplicaLag", "Maximum", "GreaterThanThreshold", 300);
        }

        yield return Database(
            "memory", "The database is short of memory.", "FreeableMemory", "Minimum", "LessThanThreshold", _args.Database.MemoryMegabytes * 1024d * 1024 / 20);
    }

    private IEnumerable<Alarm> EdgeAlarms()
    {
        Alarm Balancer(string name, string description, string metric, double threshold) =>
            new($"edge-{name}", description, "AWS/ApplicationELB", metric, "Sum", "GreaterThanThreshold", threshold)
            {
                Dimensions = { ["LoadBalancer"] = _args.LoadBalancerSuffix },
                MissingData = "notBreaching",
            };

        yield return Balancer("errors", "The load balancer itself answers with errors: no healthy target, or it is out of capacity.", "HTTPCode_ELB_5XX_Count", 50);
        yield return Balancer("target-errors", "The services answer with errors.", "HTTPCode_Target_5XX_Count", 100);
        yield return new Alarm(
            "certificate", "The certificate expires in less than 20 days: its validation records are gone.",
            "AWS/CertificateManager", "DaysToExpiry", "Minimum", "LessThanThreshold", 20, 86_400, 1)
        {
            Dimensions = { ["CertificateArn"] = _args.CertificateArn },
        };
        yield return new Alarm(
            "firewall", "The firewall blocks far more than usual: an attack, or a rule that hits clients.",
            "AWS/WAFV2", "BlockedRequests", "Sum", "GreaterThanThreshold", 10_000, 300, 2)
        {
            Dimensions = { ["WebACL"] = _args.FirewallMetric, ["Region"] = _args.Region, ["Rule"] = "ALL" },
            MissingData = "notBreaching",
        };
    }

    private Alarm Uptime(Endpoint endpoint) => new(
        $"uptime-{endpoint.Name}",
        $"No pod behind {endpoint.HostIn(_args.Endpoints.Zone)} is healthy.",
        "AWS/ApplicationELB", "HealthyHostCount", "Minimum", "LessThanThreshold", 1, 60, 3)
    {
        Dimensions = Targets(_args.LoadBalancerSuffix, _args.TargetGroupArns, endpoint.Name),
        MissingData = "breaching",
    };

    private Alarm Leases(int port) => new(
        $"uptime-{LeaseAccess.PortName(port)}",
        $"No pod of the leases' gateway is healthy on port {port}: consumers do not reach what they pay for.",
        "AWS/NetworkELB", "HealthyHostCount", "Minimum", "LessThanThreshold", 1, 60, 3)
    {
        Dimensions = Targets(_args.LeaseBalancerSuffix, _args.LeaseTargetGroupArns, LeaseAccess.PortName(port)),
        MissingData = "breaching",
    };

    private static InputMap<string> Targets(Input<string> balancer, Input<ImmutableDictionary<string, string>> groups, string name) => new()
    {
        ["LoadBalancer"] = balancer,
        ["TargetGroup"] = groups.ToOutput().Apply(arns => TargetGroupSuffix(arns[name])),
    };

    /// <summary>Metrics carry the part of the ARN from <c>targetgroup/</c> on.</summary>
    private static string TargetGroupSuffix(string arn) => arn[(arn.LastIndexOf(':') + 1)..];

    private string CloudDashboard(string database, string loadBalancer)
    {
        (string Title, string[] Metric)[] widgets =
        [
            ("Requests", ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", loadBalancer]),
            ("Response time", ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", loadBalancer]),
            ("Errors of services", ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", loadBalancer]),
            ("Errors of the entry", ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", loadBalancer]),
            ("Requests blocked", ["AWS/WAFV2", "BlockedRequests", "WebACL", _args.FirewallMetric, "Region", _args.Region, "Rule", "ALL"]),
            ("Database CPU", ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", database]),
            ("Database connections", ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", database]),
            ("Database free storage", ["AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", database]),
            ("Database latency", ["AWS/RDS", "ReadLatency", "DBInstanceIdentifier", database]),
        ];
        const int columns = 4;
        const int width = 6;
        JsonArray placed = [.. widgets.Select((widget, index) => new JsonObject
        {
            ["type"] = "metric",
            ["x"] = index % columns * width,
            ["y"] = index / columns * width,
            ["width"] = width,
            ["height"] = width,
            ["properties"] = new JsonObject
            {
                ["title"] = widget.Title,
                ["region"] = _args.Region,
                ["metrics"] = new JsonArray(new JsonArray([.. widget.Metric.Select(part => JsonValue.Create(part))])),
            },
        })];
        return new JsonObject { ["widgets"] = placed }.ToJsonString();
    }
}
