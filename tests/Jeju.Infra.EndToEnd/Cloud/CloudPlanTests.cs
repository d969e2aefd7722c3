using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.EndToEnd.Readme;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What the stacks plan on the clouds, seen through <c>./jeju preview --json</c>.</summary>
[Collection(PlannedStacks.Collection)]
public sealed partial class CloudPlanTests(PlannedStacks stacks)
{
    /// <summary>The rows of the table that both clouds have, as the resource types that make them.</summary>
    private static readonly Dictionary<string, (string[] Aws, string[] Gcp)> Rows = new()
    {
        ["network"] = (["aws:ec2/vpc:Vpc", "aws:ec2/flowLog:FlowLog", "aws:ec2/natGateway:NatGateway"],
            ["gcp:compute/network:Network", "gcp:compute/routerNat:RouterNat", "gcp:servicenetworking/connection:Connection"]),
        ["cluster"] = (["aws:eks/cluster:Cluster", "aws:eks/addon:Addon"], ["gcp:container/cluster:Cluster"]),
        ["node groups"] = (["aws:eks/nodeGroup:NodeGroup"], ["gcp:container/nodePool:NodePool"]),
        ["database"] = (["aws:rds/instance:Instance"], ["gcp:sql/databaseInstance:DatabaseInstance"]),
        ["images"] = (["aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"], ["gcp:artifactregistry/repository:Repository"]),
        ["buckets"] = (["aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"], ["gcp:storage/bucket:Bucket"]),
        ["keys"] = (["aws:kms/key:Key"], ["gcp:kms/cryptoKey:CryptoKey"]),
        ["edge"] = (["aws:lb/loadBalancer:LoadBalancer", "aws:cloudfront/distribution:Distribution"], ["gcp:compute/globalAddress:GlobalAddress", "gcp:compute/backendBucket:BackendBucket"]),
        ["firewall"] = (["aws:wafv2/webAcl:WebAcl", "aws:wafv2/webAclAssociation:WebAclAssociation"], ["gcp:compute/securityPolicy:SecurityPolicy"]),
        ["certificates and names"] = (["aws:acm/certificate:Certificate", "aws:route53/record:Record"],
            ["gcp:certificatemanager/certificate:Certificate", "gcp:dns/recordSet:RecordSet"]),
        ["identity"] = (["aws:eks/podIdentityAssociation:PodIdentityAssociation"], ["gcp:serviceaccount/account:Account"]),
        ["monitoring"] = (["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/dashboard:Dashboard", "aws:amp/workspace:Workspace"],
            ["gcp:monitoring/alertPolicy:AlertPolicy", "gcp:monitoring/dashboard:Dashboard"]),
        ["guard"] = (["aws:guardduty/detector:Detector", "aws:cloudtrail/trail:Trail", "aws:budgets/budget:Budget", "aws:backup/plan:Plan"],
            ["gcp:projects/iAMAuditConfig:IAMAuditConfig", "gcp:billing/budget:Budget", "gcp:gkebackup/backupPlan:BackupPlan", "gcp:securitycenter/v2ProjectNotificationConfig:V2ProjectNotificationConfig"]),
    };

    [Fact]
    public void LocalnetHasNotOneCloudResource() =>
        Assert.DoesNotContain(stacks.Of("localnet"), resource => IsCloud(resource.Type) || resource.Type.StartsWith("pulumi:providers:", StringComparison.Ordinal) && IsCloud(resource.Type[17..] + ":"));

    [Fact]
    public void TestnetIsOnAwsAloneAndMainnetOnBothClouds()
    {
        Assert.DoesNotContain(stacks.Of("testnet"), resource => resource.Type.StartsWith("gcp:", StringComparison.Ordinal));
        HashSet<string> testnet = [.. stacks.Of("testnet").Select(resource => resource.Type)];
        HashSet<string> mainnet = [.. stacks.Of("mainnet").Select(resource => resource.Type)];
        Assert.All(Rows, row =>
        {
            Assert.Subset(testnet, row.Value.Aws.ToHashSet());
            Assert.Subset(mainnet, row.Value.Aws.Concat(row.Value.Gcp).ToHashSet());
        });
    }

    [Fact]
    [ReadmeCommand("./jeju policy check")]
    public async Task ThePolicyIsCheckedByItself()
    {
        (int exitCode, string text) = await Harness.JejuScript.RunAsync(CancellationToken.None, "policy", "check");
        Assert.True(exitCode == 0, text);
        Assert.Contains("policy of localnet: 0 refused", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePlanSaysThatNoCloudWasAsked()
    {
        Assert.Contains("aws", stacks.NotChecked["testnet"], StringComparison.Ordinal);
        Assert.Contains("gcp", stacks.NotChecked["mainnet"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void ThePlanChangesOnlyOnPurpose(string stack) => GoldenPlan.Verify(stack, stacks.Of(stack));

    [Theory]
    [InlineData("localnet")]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void ThePolicyHasNothingAgainstThePlan(string stack)
    {
        Assert.Empty(stacks.Policies[stack].GetProperty("refusals").EnumerateArray().Select(finding => finding.ToString()));
        Assert.All(
            stacks.Policies[stack].GetProperty("monthlyCost").EnumerateArray(),
            cost => Assert.InRange(cost.GetProperty("atMost").GetDecimal(), 1, cost.GetProperty("budget").GetDecimal()));
    }

    /// <summary>Documents that are made of outputs are judged as well: a traced preview fills in what the cloud will name.</summary>
    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void AnAccessDocumentThatIsMadeOfOutputsWasJudged(string stack)
    {
        PlannedResource role = stacks.Of(stack).Single(resource => resource.Type == "aws:iam/rolePolicy:RolePolicy" && resource.Name == $"jeju-{stack}-op-signer");
        Assert.DoesNotContain(stacks.Policies[stack].GetProperty("warnings").EnumerateArray(), finding => finding.GetProperty("urn").GetString() == role.Urn);
        JsonElement document = role.Inputs.GetProperty("policy");
        Assert.All(document.GetProperty("$unknown").GetProperty("sources").EnumerateArray(), source => Assert.Equal("arn", source.GetProperty("property").GetString()));
    }

    [SchemaFact]
    public void EveryInputIsValidAgainstTheProvidersSchema()
    {
        Dictionary<string, ResourceSchema> schemas = new()
        {
            ["aws"] = ResourceSchema.Load("Pulumi.Aws"),
            ["gcp"] = ResourceSchema.Load("Pulumi.Gcp"),
            ["kubernetes"] = ResourceSchema.Load("Pulumi.Kubernetes"),
        };

        // What an operator's own definitions add is in no schema of Pulumi's: ClusterPlatformTests checks that such an operator is there.
        string[] problems = [.. stacks.Of("testnet").Concat(stacks.Of("mainnet"))
            .Where(resource => !ClusterPlatformTests.IsCustom(resource))
            .Select(resource => (Resource: resource, Package: resource.Type.Replace("pulumi:providers:", "", StringComparison.Ordinal).Split(':')[0]))
            .Where(one => schemas.ContainsKey(one.Package))
            .SelectMany(one => schemas[one.Package].Problems(one.Resource))];
        Assert.Empty(problems);

        // The judge saw the values, and had an opinion about all but what a chart takes.
        Assert.All(schemas.Values, schema => Assert.InRange(schema.Compared, 1000, int.MaxValue));
        Assert.Equal(["Pulumi.Kubernetes.Types.Inputs.Helm.V3.ReleaseArgs values"], schemas.Values.SelectMany(schema => schema.Anything));
    }

    [Theory]
    [InlineData("testnet", "testnet.jejunetwork.org")]
    [InlineData("mainnet", "jejunetwork.org")]
    public void EveryPublicHostOfAwsHasOneRecordOneRuleAndACertificateName(string stack, string zone)
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of(stack);
        EndpointTable table = EndpointTable.For(zone);
        PlannedResource certificate = plan.Single(resource => resource.Type == "aws:acm/certificate:Certificate" && resource.Name.EndsWith("-regional", StringComparison.Ordinal));
        string[] covered = [certificate.Text("domainName")!, .. certificate.Inputs.GetProperty("subjectAlternativeNames").EnumerateArray().Select(name => name.GetString()!)];
        Assert.All(table.Endpoints.Where(endpoint => endpoint.Exposure == EndpointExposure.Public), endpoint =>
        {
            string host = endpoint.HostIn(zone);
            Assert.Contains(covered, name => EndpointTable.Covers(name, host));

            // Where another cloud stands by, the name has a second address, given out while the first has no healthy target.
            string?[] records = [.. plan.Where(resource => resource.Type == "aws:route53/record:Record" && resource.Text("name") == host && resource.Text("type") == "A")
                .Select(resource => resource.Text("failoverRoutingPolicies", "type"))];
            Assert.Equal(stack == "mainnet" ? ["PRIMARY", "SECONDARY"] : [null], records.Order());
            if (!endpoint.Cached)
            {
                Assert.Single(plan, resource => resource.Type == "aws:lb/listenerRule:ListenerRule" && resource.Inputs.ToString().Contains($"\"{host}\"", StringComparison.Ordinal));
                Assert.Single(plan, resource => resource.Type == "aws:cloudwatch/metricAlarm:MetricAlarm" && resource.Name.EndsWith($"-uptime-{endpoint.Name}", StringComparison.Ordinal));
            }
        });
        PlannedResource https = plan.Single(resource => resource.Type == "aws:lb/listener:Listener" && resource.Name.EndsWith("-https", StringComparison.Ordinal));
        Assert.Equal("404", https.Text("defaultActions", "fixedResponse", "statusCode"));
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void NoTwoPlannedSubnetsOverlap(string stack)
    {
        CidrBlock[] blocks = [.. stacks.Of(stack)
            .Select(resource => resource.Type switch
            {
                "aws:ec2/subnet:Subnet" => resource.Text("cidrBlock"),
                "gcp:compute/subnetwork:Subnetwork" => resource.Text("ipCidrRange"),
                _ => null,
            })
            .OfType<string>()
            .Select(CidrBlock.Parse)];
        Assert.True(blocks.Length >= 9);
        Assert.All(blocks, block => Assert.Single(blocks, other => other.Overlaps(block)));
    }

    [Fact]
    public void EveryStoreOfMainnetIsProtectedAndEncryptedWithAKeyOfTheStack()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        Assert.All(plan.Where(resource => resource.Type == "aws:rds/instance:Instance"), database =>
        {
            Assert.True(database.Inputs.GetProperty("deletionProtection").GetBoolean());
            Assert.True(database.Inputs.GetProperty("storageEncrypted").GetBoolean());
            Assert.False(database.Inputs.GetProperty("publiclyAccessible").GetBoolean());

            // A replica has its source's key.
            Assert.Equal(!database.Inputs.TryGetProperty("replicateSourceDb", out _), database.Inputs.TryGetProperty("kmsKeyId", out _));
        });
        Assert.All(plan.Where(resource => resource.Type == "gcp:sql/databaseInstance:DatabaseInstance"), database =>
        {
            Assert.True(database.Inputs.GetProperty("deletionProtection").GetBoolean());
            Assert.Equal(!database.Inputs.TryGetProperty("masterInstanceName", out _), database.Inputs.TryGetProperty("encryptionKeyName", out _));
        });
        Assert.All(plan.Where(resource => resource.Type == "gcp:storage/bucket:Bucket"), bucket => Assert.Equal("enforced", bucket.Text("publicAccessPrevention")));
        int buckets = plan.Count(resource => resource.Type == "aws:s3/bucket:Bucket");
        Assert.Equal(buckets, plan.Count(resource => resource.Type == "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"));
    }

    private static bool IsCloud(string type) =>
        type.StartsWith("aws:", StringComparison.Ordinal) || type.StartsWith("gcp:", StringComparison.Ordinal) || type.StartsWith("kubernetes:", StringComparison.Ordinal);
}
