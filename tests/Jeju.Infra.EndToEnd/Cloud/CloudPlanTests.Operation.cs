using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What a plan must have so that its first deployment works, and so that somebody hears when it does not any more.</summary>
public sealed partial class CloudPlanTests
{
    /// <summary>Each cloud's agent serves a node of its own: two that served one would run each lease twice.</summary>
    [Fact]
    public void EveryCloudOfMainnetServesAProviderNodeOfItsOwn()
    {
        PlannedResource[] told = [.. stacks.Of("mainnet").Where(resource => resource.Type == "jeju:kubernetes:AgentNode")];

        Assert.Equal(["jeju-mainnet-aws-dws-node", "jeju-mainnet-gcp-dws-node"], told.Select(one => one.Name).Order());
        Assert.Equal(2, told.Select(one => SourceOf(one, "nodeId")).Distinct().Count());
        Assert.Equal(
            2,
            stacks.Of("mainnet").Where(resource => resource.Type == "jeju:index:ProviderNode").Select(node => node.Text("agent")).Distinct().Count());
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void NothingIsWrittenIntoABucketBeforeItsPolicyLetsItIn(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        PlannedResource policy = plan.Single(resource => resource.Type == "aws:s3/bucketPolicy:BucketPolicy" && resource.Name == $"jeju-{stack}-logs");

        Assert.All(
            plan.Where(resource => resource.Type is "aws:cloudtrail/trail:Trail" or "aws:s3/bucketLogging:BucketLogging"
                || (resource.Type == "aws:lb/loadBalancer:LoadBalancer" && resource.Inputs.TryGetProperty("accessLogs", out _))),
            writer => Assert.Contains(policy.Urn, writer.Dependencies));
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void NobodyTakesARoleBeforeItsPoliciesAreAttached(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        PlannedResource[] attachments = [.. plan.Where(resource => resource.Type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment")];
        Assert.NotEmpty(attachments);
        foreach (PlannedResource attachment in attachments)
        {
            string role = Assert.Single(attachment.Dependencies);
            PlannedResource[] takers = [.. plan.Where(resource => resource.Dependencies.Contains(role) && !resource.Type.StartsWith("aws:iam/", StringComparison.Ordinal))];
            Assert.NotEmpty(takers);
            Assert.All(takers, taker => Assert.Contains(attachment.Urn, taker.Dependencies));
        }
    }

    /// <summary>In an account that never had such a service its role is not there, and a key's policy that names it is refused.</summary>
    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void NoKeysPolicyNamesARoleThatTheStackDoesNotMake(string stack) => Assert.All(
        stacks.Of(stack).Where(resource => resource.Type == "aws:kms/key:Key"),
        key =>
        {
            using JsonDocument policy = JsonDocument.Parse(key.Text("policy")!);
            Assert.All(policy.RootElement.GetProperty("Statement").EnumerateArray(), statement =>
            {
                if (statement.GetProperty("Principal").TryGetProperty("AWS", out JsonElement principal))
                {
                    Assert.True(principal.GetString() == "*" ? statement.TryGetProperty("Condition", out _) : principal.GetString()!.EndsWith(":root", StringComparison.Ordinal), statement.ToString());
                }
            });
        });

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void EveryCheckFromOutsideMovesANameOrWakesSomebody(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        HashSet<string> used = [.. plan
            .Where(resource => resource.Type is "aws:cloudwatch/metricAlarm:MetricAlarm" or "aws:route53/record:Record" or "gcp:monitoring/alertPolicy:AlertPolicy")
            .SelectMany(resource => resource.Dependencies)];

        Assert.All(
            plan.Where(resource => resource.Type is "aws:route53/healthCheck:HealthCheck" or "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig"),
            check => Assert.Contains(check.Urn, used));
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void EveryAlarmIsSentToAnEncryptedTopicOfItsOwnRegionWithReaders(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        Dictionary<string, PlannedResource> topics = plan.Where(resource => resource.Type == "aws:sns/topic:Topic").ToDictionary(topic => topic.Urn);
        PlannedResource[] senders = [.. plan.Where(resource => resource.Type is "aws:cloudwatch/metricAlarm:MetricAlarm" or "aws:cloudwatch/eventTarget:EventTarget")];

        Assert.Equal(2, topics.Count);
        Assert.All(senders, sender => Assert.Equal(sender.Provider, topics[Assert.Single(sender.Dependencies, topics.ContainsKey)].Provider));
        Assert.All(topics.Values, topic =>
        {
            Assert.True(topic.Inputs.TryGetProperty("kmsMasterKeyId", out _));
            Assert.Contains(plan, resource => resource.Type == "aws:sns/topicSubscription:TopicSubscription" && resource.Dependencies.Contains(topic.Urn));
            Assert.Contains(plan, resource => resource.Type == "aws:sns/topicPolicy:TopicPolicy" && resource.Dependencies.Contains(topic.Urn));
        });
        foreach (string source in (string[])["aws.guardduty", "aws.access-analyzer", "aws.backup", "aws.kms"])
        {
            Assert.Contains(plan, resource => resource.Type == "aws:cloudwatch/eventRule:EventRule" && resource.Text("eventPattern")!.Contains(source, StringComparison.Ordinal));
        }
    }

    /// <summary>A load balancer counts as ill as soon as one of its services has no pod: its health must not move the names of the others.</summary>
    [Fact]
    public void OneServiceWithoutPodsMovesNoNameButItsOwn()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource[] primaries = [.. plan.Where(resource => resource.Text("failoverRoutingPolicies", "type") == "PRIMARY" && resource.Urn.Contains("EntryNames", StringComparison.Ordinal))];

        Assert.NotEmpty(primaries);
        Assert.All(primaries, record =>
        {
            Assert.False(record.Inputs.GetProperty("aliases")[0].GetProperty("evaluateTargetHealth").GetBoolean());
            PlannedResource check = plan.Single(resource => resource.Type == "aws:route53/healthCheck:HealthCheck" && record.Dependencies.Contains(resource.Urn));
            Assert.Equal("CLOUDWATCH_METRIC", check.Text("type"));
            string endpoint = record.Name["jeju-mainnet-".Length..];
            Assert.Contains(check.Dependencies, urn => urn.EndsWith($"::jeju-mainnet-uptime-{endpoint}", StringComparison.Ordinal));
        });
    }

    /// <summary>A site is asked by its distribution's own name: by its own it would seem well while the other cloud answers, and the name would swing to and fro.</summary>
    [Fact]
    public void ASiteWhoseDistributionDoesNotAnswerIsServedByTheOtherCloud()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        EndpointTable table = EndpointTable.For("jejunetwork.org");
        PlannedResource routes = plan.Single(resource => resource.Type == "gcp:compute/uRLMap:URLMap" && resource.Inputs.TryGetProperty("hostRules", out _));
        string?[] certified = [.. plan.Where(resource => resource.Type == "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry").Select(entry => entry.Text("hostname"))];

        Assert.NotEmpty(table.Sites);
        Assert.All(table.Sites.SelectMany(site => ((string[])["A", "AAAA"]).Select(type => (Host: site.HostIn(table.Zone), Type: type))), name =>
        {
            PlannedResource[] records = [.. plan.Where(resource => resource.Type == "aws:route53/record:Record" && resource.Text("name") == name.Host && resource.Text("type") == name.Type)];
            Assert.Equal(["PRIMARY", "SECONDARY"], records.Select(record => record.Text("failoverRoutingPolicies", "type")).Order(StringComparer.Ordinal));
            PlannedResource primary = records.Single(record => record.Text("setIdentifier") == "primary");
            PlannedResource check = plan.Single(resource => resource.Type == "aws:route53/healthCheck:HealthCheck" && primary.Dependencies.Contains(resource.Urn));
            Assert.Contains("aws:cloudfront/distribution:Distribution", SourceOf(check, "fqdn"), StringComparison.Ordinal);
            Assert.Contains(name.Host, routes.Inputs.GetProperty("hostRules").EnumerateArray().SelectMany(rule => rule.GetProperty("hosts").EnumerateArray()).Select(host => host.GetString()));
            Assert.Contains(name.Host, certified);
        });
    }

    /// <summary>The WebSocket port of the execution client answers a plain request with 404, so its pods are asked on the other one.</summary>
    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void NoPodIsAskedOnAPortThatAnswersNoPlainRequest(string stack)
    {
        PlannedResource sockets = stacks.Of(stack).Single(resource => resource.Type == "aws:lb/targetGroup:TargetGroup" && resource.Name == $"jeju-{stack}-ws");

        Assert.Equal(8546, sockets.Inputs.GetProperty("port").GetInt32());
        Assert.Equal("8545", sockets.Text("healthCheck", "port"));

        // Reth answers a plain request with 405, and no page of it with 200.
        Assert.Equal("405", sockets.Text("healthCheck", "matcher"));
    }

    /// <summary>Consumers pay by the second for what they reach through this entry.</summary>
    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void SomebodyHearsWhenNoLeaseCanBeReached(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        PlannedResource[] groups = [.. plan.Where(resource => resource.Type == "aws:lb/targetGroup:TargetGroup" && resource.Text("protocol") == "TCP")];
        PlannedResource[] alarms = [.. plan.Where(resource => resource.Type == "aws:cloudwatch/metricAlarm:MetricAlarm" && resource.Text("namespace") == "AWS/NetworkELB")];

        Assert.NotEmpty(groups);
        Assert.All(groups, group => Assert.Single(alarms, alarm => alarm.Name.EndsWith(group.Name[group.Name.IndexOf("-lease-", StringComparison.Ordinal)..], StringComparison.Ordinal)));
        Assert.All(alarms, alarm => Assert.Equal(("HealthyHostCount", "breaching"), (alarm.Text("metricName"), alarm.Text("treatMissingData"))));
        Assert.Single(plan, resource => resource.Type == "aws:cloudwatch/metricAlarm:MetricAlarm" && resource.Name.EndsWith("-reach-leases", StringComparison.Ordinal));
        Assert.Equal(stack == "mainnet" ? 1 : 0, plan.Count(resource => resource.Type == "gcp:monitoring/alertPolicy:AlertPolicy" && resource.Name.EndsWith("-uptime-leases", StringComparison.Ordinal)));
    }

    [Fact]
    public void TheReplicaIsWatchedAsItsPrimaryIsAndForItsLag()
    {
        string[] alarms = [.. stacks.Of("mainnet").Where(resource => resource.Text("namespace") == "AWS/RDS").Select(alarm => alarm.Name["jeju-mainnet-".Length..])];

        Assert.Equal(
            ["database-connections", "database-cpu", "database-memory", "database-storage", "replica-connections", "replica-cpu", "replica-lag", "replica-memory", "replica-storage"],
            alarms.Order(StringComparer.Ordinal));
    }

    /// <summary>A page that is refused must not be answered as if it were there: only what is missing leads to the app.</summary>
    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void ARefusalOfASiteStaysOne(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        PlannedResource[] distributions = [.. plan.Where(resource => resource.Type == "aws:cloudfront/distribution:Distribution")];

        Assert.NotEmpty(distributions);
        Assert.All(distributions, site => Assert.Equal(404, Assert.Single(site.Inputs.GetProperty("customErrorResponses").EnumerateArray()).GetProperty("errorCode").GetInt32()));
        Assert.All(
            plan.Where(resource => resource.Type == "gcp:compute/uRLMap:URLMap" && resource.Inputs.TryGetProperty("pathMatchers", out _)).SelectMany(map => map.Inputs.GetProperty("pathMatchers").EnumerateArray()),
            site => Assert.Equal("404", Assert.Single(site.GetProperty("defaultCustomErrorResponsePolicy").GetProperty("errorResponseRules")[0].GetProperty("matchResponseCodes").EnumerateArray()).GetString()));
    }

    /// <summary>Both clouds' browsers are told the same.</summary>
    [Fact]
    public void TheSitesOfBothCloudsHaveTheSameSecurityHeaders()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        JsonElement amazon = plan.Single(resource => resource.Type == "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").Inputs.GetProperty("securityHeadersConfig");
        string policy = amazon.GetProperty("contentSecurityPolicy").GetProperty("contentSecurityPolicy").GetString()!;
        PlannedResource[] google = [.. plan.Where(resource => resource.Type == "gcp:compute/backendBucket:BackendBucket")];

        Assert.NotEmpty(google);
        Assert.All(google, site => Assert.Equal(
            [
                $"Content-Security-Policy: {policy}",
                $"Referrer-Policy: {amazon.GetProperty("referrerPolicy").GetProperty("referrerPolicy").GetString()}",
                $"Strict-Transport-Security: max-age={amazon.GetProperty("strictTransportSecurity").GetProperty("accessControlMaxAgeSec").GetInt32()}; includeSubDomains",
                "X-Content-Type-Options: nosniff",
                $"X-Frame-Options: {amazon.GetProperty("frameOptions").GetProperty("frameOption").GetString()}",
            ],
            site.Inputs.GetProperty("customResponseHeaders").EnumerateArray().Select(header => header.GetString()).Order(StringComparer.Ordinal)));
    }

    /// <summary>In a new project no service is on, and its account is nobody to whom a right could be given.</summary>
    [Fact]
    public void NothingIsMadeInAProjectBeforeItsServicesAreOn()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource[] services = [.. plan.Where(resource => resource.Type == "gcp:projects/service:Service")];
        PlannedResource provider = plan.Single(resource => resource.Type == "pulumi:providers:gcp" && resource.Name == "gcp");

        Assert.All(services, service => Assert.Contains(service.Urn, provider.Dependencies));
        Assert.Contains(services, service => service.Text("service") == "container.googleapis.com");
        Assert.All(
            plan.Where(resource => resource.Type.StartsWith("gcp:", StringComparison.Ordinal) && !resource.Type.StartsWith("gcp:projects/service", StringComparison.Ordinal)),
            resource => Assert.StartsWith(provider.Urn, resource.Provider, StringComparison.Ordinal));
    }

    /// <summary>Budgets of Google Cloud tell the billing account's administrators alone unless they are told of others.</summary>
    [Fact]
    public void WhoHearsOfAlarmsHearsOfCostOnBothClouds()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        PlannedResource channel = plan.Single(resource => resource.Type == "gcp:monitoring/notificationChannel:NotificationChannel");

        Assert.Contains(channel.Urn, plan.Single(resource => resource.Type == "gcp:billing/budget:Budget").Dependencies);
        Assert.All(plan.Where(resource => resource.Type == "aws:budgets/budget:Budget"), budget => Assert.Equal(
            channel.Text("labels", "email_address"), budget.Inputs.GetProperty("notifications")[0].GetProperty("subscriberEmailAddresses")[0].GetString()));
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void NoServiceMakesALogGroupOfItsOwnWithoutKeyAndEnd(string stack)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        string?[] groups = [.. plan.Where(resource => resource.Type == "aws:cloudwatch/logGroup:LogGroup").Select(group => group.Text("name"))];

        Assert.All(
            plan.Where(resource => resource.Type == "aws:rds/instance:Instance" && resource.Inputs.TryGetProperty("enabledCloudwatchLogsExports", out _)),
            database => Assert.All(
                database.Inputs.GetProperty("enabledCloudwatchLogsExports").EnumerateArray(),
                log => Assert.Contains($"/aws/rds/instance/{database.Text("identifier")}/{log.GetString()}", groups)));
    }
}
