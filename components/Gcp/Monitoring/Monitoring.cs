using System.Text.Json.Nodes;
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

    /// <summary>The database's name.</summary>
    [Input("databaseIdentifier", required: true)]
    public Input<string> DatabaseIdentifier { get; set; } = null!;

    /// <summary>Who is told, as mail addresses.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }
}

/// <summary>
/// Uptime checks from outside, alerts by mail, and a dashboard of the cloud's own figures. The clusters' metrics go to the managed Prometheus that comes with
/// the cluster; the chain's alerts are rules there.
/// </summary>
public sealed class Monitoring : ComponentResource
{
    private readonly string _name;
    private readonly CustomResourceOptions _child;
    private readonly NotificationChannel[] _channels;

    /// <summary>Declares checks, alerts and the dashboard.</summary>
    public Monitoring(string name, MonitoringArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Monitoring", name, args, options)
    {
        _name = name;
        _child = new CustomResourceOptions { Parent = this };
        _channels = [.. args.Recipients.Select((recipient, index) => new NotificationChannel($"{name}-{index}", new NotificationChannelArgs
        {
            Type = "email",
            DisplayName = recipient,
            Labels = { ["email_address"] = recipient },
        }, _child))];
        foreach (Endpoint endpoint in args.Endpoints.Routed.Where(endpoint => endpoint.Exposure == EndpointExposure.Public && !endpoint.IsWildcard))
        {
            Uptime(args, endpoint);
        }

        const string cpu = "cloudsql.googleapis.com/database/cpu/utilization";
        const string disk = "cloudsql.googleapis.com/database/disk/utilization";
        const string memory = "cloudsql.googleapis.com/database/memory/utilization";
        const string connections = "cloudsql.googleapis.com/database/postgresql/num_backends";
        Database(args, "cpu", "The database has been above 80 % CPU for 15 minutes.", cpu, 0.8, "900s");
        Database(args, "storage", "The database's disk is nine tenths full: growth has reached its bound.", disk, 0.9, "300s");
        Database(args, "memory", "The database is short of memory.", memory, 0.95, "300s");
        Database(args, "connections", "Four fifths of the database's connections are taken.", connections, args.Database.MaximumConnections * 0.8, "300s");
        _ = new Dashboard($"{name}-cloud", new DashboardArgs
        {
            DashboardJson = args.DatabaseIdentifier.ToOutput().Apply(database => CloudDashboard(name, args.Project, database)),
        }, _child);
        RegisterOutputs();
    }

    private void Uptime(MonitoringArgs args, Endpoint endpoint)
    {
        string host = endpoint.HostIn(args.Endpoints.Zone);
        UptimeCheckConfig check = new($"{_name}-uptime-{endpoint.Name}", new UptimeCheckConfigArgs
        {
            DisplayName = host,
            Period = "60s",
            Timeout = "10s",
            HttpCheck = new UptimeCheckConfigHttpCheckArgs { Path = endpoint.HealthPath, Port = 443, UseSsl = true, ValidateSsl = true },
            MonitoredResource = new UptimeCheckConfigMonitoredResourceArgs
            {
                Type = "uptime_url",
                Labels = { ["host"] = host, ["project_id"] = args.Project },
            },
        }, _child);
        Alert(
            $"uptime-{endpoint.Name}",
            $"{host} does not answer from outside.",
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

    private void Database(MonitoringArgs args, string name, string description, string metric, double threshold, string duration) => Alert(
        $"database-{name}",
        description,
        args.DatabaseIdentifier.ToOutput().Apply(database => $"metric.type=\"{metric}\" AND resource.type=\"cloudsql_database\" "
            + $"AND resource.labels.database_id=\"{args.Project}:{database}\""),
        "COMPARISON_GT",
        threshold,
        duration,
        new AlertPolicyConditionConditionThresholdAggregationArgs { AlignmentPeriod = "60s", PerSeriesAligner = "ALIGN_MEAN" });

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
            NotificationChannels = _channels.Select(channel => channel.Name).ToArray(),
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

    private static string CloudDashboard(string name, string project, string database)
    {
        (string Title, string Metric)[] charts =
        [
            ("Database CPU", "cloudsql.googleapis.com/database/cpu/utilization"),
            ("Database connections", "cloudsql.googleapis.com/database/postgresql/num_backends"),
            ("Database disk", "cloudsql.googleapis.com/database/disk/utilization"),
            ("Database memory", "cloudsql.googleapis.com/database/memory/utilization"),
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
                            ["filter"] = $"metric.type=\"{chart.Metric}\" resource.labels.database_id=\"{project}:{database}\"",
                            ["aggregation"] = new JsonObject { ["alignmentPeriod"] = "60s", ["perSeriesAligner"] = "ALIGN_MEAN" },
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
