using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.Monitoring;
using Pulumi.Gcp.Monitoring.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What is watched.</summary>
public sealed class MonitoringArgs : ResourceArgs
{
    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>The endpoints; each public one has an uptime check and an alert.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The database's size, from which its bounds follow.</summary>
    public required DatabasePlan Database { get; init; }

    /// <summary>The name of the firewall's policy.</summary>
    [Input("firewallPolicy", required: true)]
    public Input<string> FirewallPolicy { get; set; } = null!;

    /// <summary>The name of the topic of grave findings.</summary>
    [Input("findingsTopic", required: true)]
    public Input<string> FindingsTopic { get; set; } = null!;

    /// <summary>Who is told.</summary>
    [Input("channels", required: true)]
    public InputList<string> Channels { get; set; } = [];
}

/// <summary>
/// Uptime checks from outside, alerts by mail, and a dashboard of the cloud's own figures. The cluster's figures are in the managed Prometheus, so its alerts are policies
/// here as well, with the same recipients.
/// </summary>
public sealed partial class Monitoring : ComponentResource
{
    private readonly string _name;
    private readonly CustomResourceOptions _child;
    private readonly InputList<string> _channels;

    /// <summary>Declares checks, alerts and the dashboard.</summary>
    public Monitoring(string name, MonitoringArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Monitoring", name, args, options)
    {
        _name = name;
        _child = new CustomResourceOptions { Parent = this };
        _channels = args.Channels;
        foreach (Endpoint endpoint in args.Endpoints.Public.Where(endpoint => args.Endpoints.AskedFor(endpoint) == endpoint).Concat(args.Endpoints.Sites))
        {
            Uptime(args, endpoint);
        }

        Leases(args);
        const string cpu = "cloudsql.googleapis.com/database/cpu/utilization";
        const string disk = "cloudsql.googleapis.com/database/disk/utilization";
        const string memory = "cloudsql.googleapis.com/database/memory/utilization";
        const string connections = "cloudsql.googleapis.com/database/postgresql/num_backends";
        Database(args, "cpu", "The database has been above 80 % CPU for 15 minutes.", cpu, 0.8, "900s");
        Database(args, "storage", "The database's disk is nine tenths full: growth has reached its bound.", disk, 0.9, "300s");
        Database(args, "memory", "The database is short of memory.", memory, 0.95, "300s");
        Database(args, "connections", "Four fifths of the database's connections are taken.", connections, args.Database.MaximumConnections * 0.8, "300s");
        Edge(args);
        Findings(args);
        foreach (ClusterAlert alert in ClusterAlerts.All)
        {
            Cluster(alert);
        }

        _ = new Dashboard($"{name}-cloud", new DashboardArgs
        {
            DashboardJson = CloudDashboard(name, args.Project),
        }, _child);
        RegisterOutputs();
    }

    private void Uptime(MonitoringArgs args, Endpoint endpoint) => Uptime(
        args, endpoint.Name, endpoint.HostIn(args.Endpoints.Zone), new UptimeCheckConfigArgs { HttpCheck = Question(endpoint) }, "does not answer from outside.");

    private void Leases(MonitoringArgs args) => Uptime(
        args,
        "leases",
        LeaseAccess.WatchedHostIn(args.Endpoints.Zone),
        new UptimeCheckConfigArgs { TcpCheck = new UptimeCheckConfigTcpCheckArgs { Port = LeaseAccess.Ports[0] } },
        "takes no connection from outside: consumers do not reach what they pay for.");

    private void Uptime(MonitoringArgs args, string name, string host, UptimeCheckConfigArgs question, string problem)
    {
        question.DisplayName = host;
        question.Period = "60s";
        question.Timeout = "10s";
        question.MonitoredResource = new UptimeCheckConfigMonitoredResourceArgs
        {
            Type = "uptime_url",
            Labels = { ["host"] = host, ["project_id"] = args.Project },
        };
        UptimeCheckConfig check = new($"{_name}-uptime-{name}", question, _child);
        Alert(
            $"uptime-{name}",
            $"{host} {problem}",
            check.UptimeCheckId.Apply(id => "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND resource.type=\"uptime_url\" "
                + $"AND metric.labels.check_id=\"{id}\""),
            "COMPARISON_GT",
            1,
            "180s",
            new AlertPolicyConditionConditionThresholdAggregationArgs
            {
                AlignmentPeriod = "120s",
                PerSeriesAligner = "ALIGN_NEXT_OLDER",
                CrossSeriesReducer = "REDUCE_COUNT_FALSE",
                GroupByFields = { "resource.label.host" },
            });
    }

    /// <summary>A server that takes calls alone refuses the question, and is there.</summary>
    private static UptimeCheckConfigHttpCheckArgs Question(Endpoint endpoint)
    {
        UptimeCheckConfigHttpCheckArgs question = new() { Path = endpoint.HealthPath, Port = 443, UseSsl = true, ValidateSsl = true };
        if (!endpoint.AnswersPlainRequests)
        {
            question.AcceptedResponseStatusCodes = [new UptimeCheckConfigHttpCheckAcceptedResponseStatusCodeArgs { StatusValue = 405 }];
        }

        return question;
    }

    /// <summary>Primary and replica alike: the project is the stack's own, and each instance is a series of its own.</summary>
    private void Database(MonitoringArgs args, string name, string description, string metric, double threshold, string duration) => Alert(
        $"database-{name}",
        description,
        $"metric.type=\"{metric}\" AND resource.type=\"cloudsql_database\" AND resource.labels.project_id=\"{args.Project}\"",
        "COMPARISON_GT",
        threshold,
        duration,
        new AlertPolicyConditionConditionThresholdAggregationArgs { AlignmentPeriod = "60s", PerSeriesAligner = "ALIGN_MEAN" });

    private void Edge(MonitoringArgs args)
    {
        Alert(
            "certificate",
            "A certificate expires in less than 20 days: its authorization record is gone.",
            "metric.type=\"monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires\" AND resource.type=\"uptime_url\"",
            "COMPARISON_LT",
            20,
            "600s",
            new AlertPolicyConditionConditionThresholdAggregationArgs { AlignmentPeriod = "1200s", PerSeriesAligner = "ALIGN_NEXT_OLDER" });
        Alert(
            "firewall",
            "The firewall blocks far more than usual: an attack, or a rule that hits clients.",
            args.FirewallPolicy.ToOutput().Apply(policy => "metric.type=\"networksecurity.googleapis.com/https/request_count\" "
                + $"AND resource.type=\"network_security_policy\" AND resource.labels.policy_name=\"{policy}\" AND metric.labels.blocked=true"),
            "COMPARISON_GT",
            10_000,
            "600s",
            new AlertPolicyConditionConditionThresholdAggregationArgs { AlignmentPeriod = "300s", PerSeriesAligner = "ALIGN_DELTA", CrossSeriesReducer = "REDUCE_SUM" });
        Alert(
            "edge-errors",
            "The load balancer or the services behind it answer with errors.",
            "metric.type=\"loadbalancing.googleapis.com/https/request_count\" AND resource.type=\"https_lb_rule\" AND metric.labels.response_code_class=500",
            "COMPARISON_GT",
            100,
            "300s",
            new AlertPolicyConditionConditionThresholdAggregationArgs { AlignmentPeriod = "60s", PerSeriesAligner = "ALIGN_DELTA", CrossSeriesReducer = "REDUCE_SUM" });
    }

    private void Findings(MonitoringArgs args) => Alert(
        "findings",
        "Security Command Center has found something grave: open its findings.",
        args.FindingsTopic.ToOutput().Apply(topic => "metric.type=\"pubsub.googleapis.com/topic/send_message_operation_count\" AND resource.type=\"pubsub_topic\" "
            + $"AND resource.labels.topic_id=\"{topic}\""),
        "COMPARISON_GT",
        0,
        "0s",
        new AlertPolicyConditionConditionThresholdAggregationArgs { AlignmentPeriod = "300s", PerSeriesAligner = "ALIGN_DELTA", CrossSeriesReducer = "REDUCE_SUM" });

    private void Cluster(ClusterAlert alert) => _ = new AlertPolicy($"{_name}-cluster-{alert.Name}", new AlertPolicyArgs
    {
        DisplayName = $"{_name} {alert.Name}",
        Combiner = "OR",
        Severity = alert.Severity == AlertSeverity.Critical ? "CRITICAL" : "WARNING",
        Documentation = new AlertPolicyDocumentationArgs { Content = $"{Labelled(alert.Summary)}\n\n{alert.Runbook}", MimeType = "text/markdown" },
        NotificationChannels = _channels,
        Conditions = new AlertPolicyConditionArgs
        {
            DisplayName = alert.Name,
            ConditionPrometheusQueryLanguage = new AlertPolicyConditionConditionPrometheusQueryLanguageArgs
            {
                // Nobody has reported these figures yet: the chain comes after the cloud.
                DisableMetricValidation = true,
                Query = alert.Expression,
                Duration = string.Create(CultureInfo.InvariantCulture, $"{alert.For.TotalSeconds}s"),
                EvaluationInterval = "30s",
                RuleGroup = "jeju",
                AlertRule = alert.Name,
            },
        },
    }, _child);

    /// <summary>Prometheus and Cloud Monitoring write a label in a text each in its own way.</summary>
    private static string Labelled(string text) => PrometheusLabel().Replace(text, "$${metric_or_resource.label.$1}");

    [GeneratedRegex(@"\{\{ \$labels\.(\w+) \}\}")]
    private static partial Regex PrometheusLabel();

    private void Alert(
        string name,
        string description,
        Input<string> filter,
        string comparison,
        double threshold,
        string duration,
        AlertPolicyConditionConditionThresholdAggregationArgs aggregation) => _ = new AlertPolicy($"{_name}-{name}", new AlertPolicyArgs
        {
            DisplayName = $"{_name} {name}",
            Combiner = "OR",
            Documentation = new AlertPolicyDocumentationArgs { Content = description, MimeType = "text/markdown" },
            NotificationChannels = _channels,
            Conditions = new AlertPolicyConditionArgs
            {
                DisplayName = description,
                ConditionThreshold = new AlertPolicyConditionConditionThresholdArgs
                {
                    Filter = filter,
                    Comparison = comparison,
                    ThresholdValue = threshold,
                    Duration = duration,
                    Aggregations = aggregation,
                },
            },
        }, _child);

    private static string CloudDashboard(string name, string project)
    {
        const string mean = "ALIGN_MEAN";
        (string Title, string Metric, string Aligner)[] charts =
        [
            ("Requests", "loadbalancing.googleapis.com/https/request_count", "ALIGN_RATE"),
            ("Response time", "loadbalancing.googleapis.com/https/total_latencies", "ALIGN_PERCENTILE_95"),
            ("Requests at the firewall", "networksecurity.googleapis.com/https/request_count", "ALIGN_RATE"),
            ("Database CPU", "cloudsql.googleapis.com/database/cpu/utilization", mean),
            ("Database connections", "cloudsql.googleapis.com/database/postgresql/num_backends", mean),
            ("Database disk", "cloudsql.googleapis.com/database/disk/utilization", mean),
            ("Database memory", "cloudsql.googleapis.com/database/memory/utilization", mean),
        ];
        JsonArray widgets = [.. charts.Select(chart => new JsonObject
        {
            ["title"] = chart.Title,
            ["xyChart"] = new JsonObject
            {
                ["dataSets"] = new JsonArray(new JsonObject
                {
                    ["timeSeriesQuery"] = new JsonObject
                    {
                        ["timeSeriesFilter"] = new JsonObject
                        {
                            ["filter"] = $"metric.type=\"{chart.Metric}\" resource.labels.project_id=\"{project}\"",
                            ["aggregation"] = new JsonObject { ["alignmentPeriod"] = "60s", ["perSeriesAligner"] = chart.Aligner },
                        },
                    },
                }),
            },
        })];
        return new JsonObject
        {
            ["displayName"] = $"{name} cloud",
            ["gridLayout"] = new JsonObject { ["columns"] = "2", ["widgets"] = widgets },
        }.ToJsonString();
    }
}
