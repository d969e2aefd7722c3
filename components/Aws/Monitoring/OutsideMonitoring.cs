using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Aws;

/// <summary>What is watched where the cloud measures the internet's view.</summary>
public sealed class OutsideMonitoringArgs : ResourceArgs
{
    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The endpoints, for the hosts' names.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The check from outside of an endpoint or site, by its name.</summary>
    public required IReadOnlyDictionary<string, Output<string>> Checks { get; init; }

    /// <summary>The check from outside of the leases' entry.</summary>
    [Input("leaseCheck", required: true)]
    public Input<string> LeaseCheck { get; set; } = null!;

    /// <summary>The distribution of each site, by its name.</summary>
    public required IReadOnlyDictionary<string, Output<string>> Distributions { get; init; }

    /// <summary>The certificate of the sites.</summary>
    [Input("certificateArn", required: true)]
    public Input<string> CertificateArn { get; set; } = null!;

    /// <summary>The name under which the sites' firewall reports.</summary>
    public required string FirewallMetric { get; init; }

    /// <summary>Who is told, as mail addresses.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>Whether the key of the messages outlives the stack.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// The alarms of <c>us-east-1</c>, the one region that has the figures of checks from outside, of CloudFront, its firewall and its certificate; with a topic of their own, because an alarm sends only inside its region.
/// Its provider is that region's.
/// </summary>
public sealed class OutsideMonitoring : ComponentResource
{
    private readonly OutsideMonitoringArgs _args;

    /// <summary>Declares the topic and the alarms.</summary>
    public OutsideMonitoring(string name, OutsideMonitoringArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:OutsideMonitoring", name, args, options)
    {
        _args = args;
        CustomResourceOptions child = new() { Parent = this };
        Pulumi.Aws.Kms.Key key = new($"{name}-outside-alarms", new Pulumi.Aws.Kms.KeyArgs
        {
            Description = $"Alarms of {name} about the view from outside",
            EnableKeyRotation = true,
            DeletionWindowInDays = 30,
            Policy = new IamPolicyDocument([KeyUsers.Administrator(args.AccountId), .. KeyUsers.OfTopics(args.AccountId)]).ToJson(),
        }, new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
        AlarmTopic topic = new($"{name}-outside", args.AccountId, key.Arn, args.Recipients, child);
        foreach (Alarm alarm in Alarms())
        {
            topic.Declare(alarm);
        }

        RegisterOutputs();
    }

    private static Alarm Reach(string name, string description, Input<string> check) => new(
        $"reach-{name}", description, "AWS/Route53", "HealthCheckStatus", "Minimum", "LessThanThreshold", 1, 60, 3)
    {
        Dimensions = { ["HealthCheckId"] = check },
        MissingData = "breaching",
    };

    private IEnumerable<Alarm> Alarms() =>
    [
        .. _args.Endpoints.Endpoints.Where(endpoint => _args.Checks.ContainsKey(endpoint.Name)).Select(endpoint => Reach(
            endpoint.Name, $"{endpoint.HostIn(_args.Endpoints.Zone)} does not answer from outside.", _args.Checks[endpoint.Name])),
        Reach("leases", "The entry of the leases takes no connection from outside.", _args.LeaseCheck),
        .. _args.Distributions.Select(site => new Alarm(
            $"errors-{site.Key}", $"One in twenty answers of the site {site.Key} is an error: look at its bucket and its policy.",
            "AWS/CloudFront", "5xxErrorRate", "Average", "GreaterThanThreshold", 5)
        {
            Dimensions = { ["DistributionId"] = site.Value, ["Region"] = "Global" },
            MissingData = "notBreaching",
        }),
        new Alarm(
            "certificate", "The sites' certificate expires in less than 20 days: its validation records are gone.",
            "AWS/CertificateManager", "DaysToExpiry", "Minimum", "LessThanThreshold", 20, 86_400, 1)
        {
            Dimensions = { ["CertificateArn"] = _args.CertificateArn },
        },
        new Alarm(
            "firewall", "The sites' firewall blocks far more than usual: an attack, or a rule that hits visitors.",
            "AWS/WAFV2", "BlockedRequests", "Sum", "GreaterThanThreshold", 10_000, 300, 2)
        {
            Dimensions = { ["WebACL"] = _args.FirewallMetric, ["Rule"] = "ALL" },
            MissingData = "notBreaching",
        },
    ];
}
