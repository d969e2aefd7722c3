using System.Text.Json;
using Jeju.Infra.Components.Aws;
using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Core;
using Xunit;

namespace Jeju.Infra.Tests.Cloud;

public sealed class OperatorPlanTests
{
    public static TheoryData<CloudName, bool> Clusters { get; } = new()
    {
        { CloudName.Aws, false }, { CloudName.Aws, true }, { CloudName.Gcp, false }, { CloudName.Gcp, true },
    };

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryChartHasValuesAndNoneRunsPrivilegedOrUnbounded(CloudName cloud, bool isMainnet)
    {
        ClusterChart[] charts = [.. ClusterCharts.Of(cloud)];
        Assert.Equal(ClusterCharts.MonitoringDefinitions, charts[0]);
        Assert.All(charts.Skip(1), chart =>
        {
            string text = JsonSerializer.Serialize(ChartValues.Of(chart, Facts(cloud, isMainnet)));
            Assert.Contains("\"limits\":{\"cpu\":", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"privileged\":true", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"hostNetwork\":true", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void MetricsAreWrittenToTheCloudsManagedPrometheus()
    {
        string aws = Monitoring(CloudName.Aws);
        Assert.Contains("https://aps.test/api/v1/remote_write", aws, StringComparison.Ordinal);
        Assert.Contains("\"topic_arn\":\"arn:aws:sns:topic\"", aws, StringComparison.Ordinal);

        string gcp = Monitoring(CloudName.Gcp);
        Assert.Contains("prometheus-engine/prometheus", gcp, StringComparison.Ordinal);
        Assert.DoesNotContain("sns_configs", gcp, StringComparison.Ordinal);

        static string Monitoring(CloudName cloud) => JsonSerializer.Serialize(ChartValues.Of(ClusterCharts.Monitoring, Facts(cloud, true)));
    }

    [Theory]
    [InlineData(CloudName.Aws)]
    [InlineData(CloudName.Gcp)]
    public void TheOperatorThatWritesRecordsSeesPrivateZonesAlone(CloudName cloud)
    {
        string values = JsonSerializer.Serialize(ChartValues.Of(ClusterCharts.ExternalDns, Facts(cloud, false)));
        Assert.Contains("\"domainFilters\":[\"kms.testnet.jejunetwork.org\"]", values, StringComparison.Ordinal);
        Assert.Contains("\"zone-id-filter\":[\"Z1\"]", values, StringComparison.Ordinal);
        Assert.Contains(cloud == CloudName.Aws ? "\"aws-zone-type\":\"private\"" : "\"google-zone-visibility\":\"private\"", values, StringComparison.Ordinal);
    }

    [Fact]
    public void TheAutoscalersVersionIsTheClustersAndAnUnknownOneIsRefused()
    {
        Assert.NotEmpty(KubernetesRelease.All);
        Assert.All(KubernetesRelease.All, release => Assert.StartsWith($"v{release.Version}.", KubernetesRelease.Of(release.Version).AutoscalerImage, StringComparison.Ordinal));
        Assert.Equal("JEJU0742", Assert.Throws<InfraException>(() => KubernetesRelease.Of("1.20")).Code.ToString());
    }

    [Theory]
    [InlineData(CloudName.Aws)]
    [InlineData(CloudName.Gcp)]
    public void EveryChartsNamespaceHasItsEdges(CloudName cloud) =>
        Assert.Equal(
            ClusterCharts.Of(cloud).Select(chart => chart.Namespace).Distinct().Order(StringComparer.Ordinal),
            OperatorEdges.Of(cloud).Select(edges => edges.Namespace).Order(StringComparer.Ordinal));

    [Fact]
    public void TheLoadBalancersOperatorCanMakeNothing()
    {
        IamPolicyDocument policy = OperatorPolicies.RegisterTargets(["arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/rpc/1"]);
        Assert.All(policy.Statements.SelectMany(statement => statement.Actions), action =>
            Assert.Matches("^(ec2:Describe|elasticloadbalancing:(Describe|RegisterTargets|DeregisterTargets))", action));
        Assert.DoesNotContain("*", policy.Statements.Single(statement => statement.Sid == "RegisterTargets").Resources);
    }

    [Fact]
    public void TheAutoscalerSizesTheGroupsOfItsOwnClusterOnly()
    {
        IamStatement scale = OperatorPolicies.ScaleNodes("jeju-testnet").Statements.Single(statement => statement.Sid == "ScaleNodes");
        Assert.Equal([("StringEquals", "aws:ResourceTag/k8s.io/cluster-autoscaler/jeju-testnet", "owned")], scale.Conditions);
    }

    [Fact]
    public void RecordsCanBeWrittenIntoTheGivenZonesOnly() =>
        Assert.Equal(
            ["arn:aws:route53:::hostedzone/Z1"],
            OperatorPolicies.WriteRecords(["Z1"]).Statements.Single(statement => statement.Actions.Contains("route53:ChangeResourceRecordSets")).Resources);

    [Fact]
    public void SecretsAreReadByNameAndDecryptedThroughTheStoreOnly()
    {
        IamPolicyDocument policy = OperatorPolicies.ReadSecrets(["arn:secret"], "arn:key", "eu-west-1");
        Assert.Equal(["arn:secret"], policy.Statements[0].Resources);
        Assert.Equal([("StringEquals", "kms:ViaService", "secretsmanager.eu-west-1.amazonaws.com")], policy.Statements[1].Conditions);
    }

    [Fact]
    public void AKubeconfigHasAProgramForItsTokenAndNoCredential()
    {
        foreach (string text in (string[])[Kubeconfig.ForEks("jeju", "https://eks.test", "QQ==", "eu-west-1"), Kubeconfig.ForGke("jeju", "10.11.255.2", "QQ==")])
        {
            using JsonDocument config = JsonDocument.Parse(text);
            JsonElement user = config.RootElement.GetProperty("users")[0].GetProperty("user");
            Assert.Equal(["exec"], user.EnumerateObject().Select(member => member.Name));
            Assert.StartsWith("https://", config.RootElement.GetProperty("clusters")[0].GetProperty("cluster").GetProperty("server").GetString(), StringComparison.Ordinal);
        }
    }

    private static OperatorFacts Facts(CloudName cloud, bool isMainnet) => new(cloud, "eu-west-1", "jeju-testnet", isMainnet)
    {
        KubernetesVersion = KubernetesRelease.All[^1].Version,
        MetricsEndpoint = "https://aps.test/api/v1/remote_write",
        AlarmTopic = "arn:aws:sns:topic",
        VpcId = "vpc-1",
        Project = "jeju-testnet",
        InternalZones = new Dictionary<string, object> { ["kms.testnet.jejunetwork.org"] = "Z1" },
    };
}
