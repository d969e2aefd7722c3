using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What every cluster has before the chain's own services; the same promises on both clouds.</summary>
[Collection(PlannedStacks.Collection)]
public sealed class ClusterPlatformTests(PlannedStacks stacks)
{
    private const string Release = "kubernetes:helm.sh/v3:Release";

    /// <summary>Every cluster: stack, cloud, and the provider that its objects are declared with.</summary>
    public static TheoryData<string, CloudName> Clusters { get; } = new()
    {
        { "testnet", CloudName.Aws },
        { "mainnet", CloudName.Aws },
        { "mainnet", CloudName.Gcp },
    };

    /// <summary>Whether the kind comes from a custom resource definition: its group is none of Kubernetes' own.</summary>
    public static bool IsCustom(PlannedResource resource) =>
        resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal) && resource.Type != Release && Group(resource) is { } group
        && group.Contains('.', StringComparison.Ordinal) && !group.EndsWith(".k8s.io", StringComparison.Ordinal) | group is "gateway.networking.k8s.io";

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryNamespaceEnforcesItsLevelAndLetsNothingThroughButQuestionsOfNames(string stack, CloudName cloud)
    {
        PlannedResource[] objects = Objects(stack, cloud);
        Dictionary<string, PlannedResource> namespaces = objects.Where(one => one.Type == "kubernetes:core/v1:Namespace").ToDictionary(one => one.Text("metadata", "name")!);
        Assert.Equal(ClusterNamespaces.Of(cloud).Select(one => one.Name).Order(), namespaces.Keys.Order());
        Assert.All(ClusterNamespaces.Of(cloud), one =>
        {
            Assert.Equal(one.PodSecurityLabel, namespaces[one.Name].Text("metadata", "labels", "pod-security.kubernetes.io/enforce"));
            JsonElement deny = Assert.Single(objects, policy => IsPolicy(policy, one.Name, "default-deny")).Inputs.GetProperty("spec");
            Assert.Empty(deny.GetProperty("podSelector").EnumerateObject());
            Assert.Equal(["Ingress", "Egress"], deny.GetProperty("policyTypes").EnumerateArray().Select(type => type.GetString()));
            Assert.False(deny.TryGetProperty("ingress", out _) || deny.TryGetProperty("egress", out _));
            Assert.Single(objects, policy => IsPolicy(policy, one.Name, "dns"));
        });
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryChartIsPinnedToOneVersionAndInstalledInANamespaceOfThePlan(string stack, CloudName cloud)
    {
        PlannedResource[] releases = [.. Objects(stack, cloud).Where(one => one.Type == Release)];
        Assert.Equal(ClusterCharts.Of(cloud).Select(chart => chart.Name).Order(), releases.Select(release => release.Text("chart")!).Order());
        Assert.All(releases, release =>
        {
            Assert.Matches(@"^v?\d+\.\d+\.\d+$", release.Text("version"));
            Assert.StartsWith("https://", release.Text("repositoryOpts", "repo"), StringComparison.Ordinal);
            Assert.Contains(release.Text("namespace"), ClusterNamespaces.Of(cloud).Select(one => one.Name));
            Assert.False(release.Inputs.GetProperty("createNamespace").GetBoolean());
            Assert.DoesNotContain("latest", release.Inputs.ToString(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryObjectOfACustomKindHasTheOperatorThatDefinesIt(string stack, CloudName cloud)
    {
        string[] groups = [.. Objects(stack, cloud).Where(IsCustom).Select(one => Group(one)!).Distinct()];
        Assert.Contains("external-secrets.io", groups);
        Assert.Subset(ClusterCharts.GroupsOf(cloud).ToHashSet(), groups.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EverySecretOfTheCatalogIsCopiedFromAShellOfTheStoreOrIssued(string stack, CloudName cloud)
    {
        PlannedResource[] objects = Objects(stack, cloud);
        string shell = cloud == CloudName.Aws ? "aws:secretsmanager/secret:Secret" : "gcp:secretmanager/secret:Secret";
        string nameOf = cloud == CloudName.Aws ? "name" : "secretId";
        string[] shells = [.. stacks.Of(stack).Where(one => one.Type == shell).Select(one => one.Text(nameOf)!)];
        Assert.All(SecretCatalog.All, secret =>
        {
            string kind = secret.Source == SecretSource.Certificate ? "cert-manager.io/v1:Certificate" : "external-secrets.io/v1:ExternalSecret";
            PlannedResource copy = Assert.Single(objects, one => one.Type == $"kubernetes:{kind}"
                && one.Text("metadata", "namespace") == secret.Namespace && one.Text("metadata", "name") == secret.Name);
            if (secret.Source == SecretSource.Certificate)
            {
                return;
            }

            JsonElement[] data = [.. copy.Inputs.GetProperty("spec").GetProperty("data").EnumerateArray()];
            Assert.Equal(secret.Keys, data.Select(entry => entry.GetProperty("secretKey").GetString()!));
            if (secret.Source is SecretSource.Store or SecretSource.Generated || cloud == CloudName.Gcp)
            {
                Assert.All(data, entry => Assert.Contains(entry.GetProperty("remoteRef").GetProperty("key").GetString()!, shells));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void NoObjectOfAClusterHoldsAValueOfASecret(string stack, CloudName cloud)
    {
        Assert.DoesNotContain(Objects(stack, cloud), one => one.Type == "kubernetes:core/v1:Secret");

        // What the program puts into the cloud's store is what it generates at deployment, and no plan knows.
        Assert.All(
            stacks.Of(stack).Where(one => one.Type.EndsWith(":SecretVersion", StringComparison.Ordinal)),
            one => Assert.Contains(
                one.Dependencies,
                urn => urn.Contains("jeju:index:GeneratedPassword", StringComparison.Ordinal) || urn.Contains("jeju:index:PeerIdentity", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void StorageIsEncryptedWithTheStacksKeyAndKeepsEverythingButTheVolumesOfLeasesThatAreOver(string stack, CloudName cloud)
    {
        PlannedResource[] classes = [.. Objects(stack, cloud).Where(one => one.Type == "kubernetes:storage.k8s.io/v1:StorageClass")];
        Assert.Equal(
            [(StorageClasses.Of(cloud), "Retain", true), (StorageClasses.OfLeases(cloud), "Delete", false)],
            classes.Select(one => (one.Text("metadata", "name")!, one.Text("reclaimPolicy")!, one.Inputs.GetProperty("metadata").ToString().Contains("is-default-class", StringComparison.Ordinal))).Order());
        Assert.All(classes, storage =>
        {
            Assert.True(storage.Inputs.GetProperty("allowVolumeExpansion").GetBoolean());
            Assert.Contains(
                cloud == CloudName.Aws ? "aws:kms/key:Key" : "gcp:kms/cryptoKey:CryptoKey",
                storage.Inputs.GetProperty("parameters").GetProperty(cloud == CloudName.Aws ? "kmsKeyId" : "disk-encryption-kms-key").ToString(),
                StringComparison.Ordinal);
        });

        // What the network itself keeps is on disks that outlive their claims; those of leases go with the leases.
        Assert.All(PlannedWorkload.Of(Objects(stack, cloud)), workload => Assert.All(
            workload.Object["spec"]!["volumeClaimTemplates"]?.AsArray() ?? [],
            claim => Assert.Equal(StorageClasses.Of(cloud), claim!["spec"]!["storageClassName"]!.GetValue<string>())));
        Assert.Equal(
            StorageClasses.OfLeases(cloud),
            PlannedWorkload.Of(Objects(stack, cloud)).Single(workload => workload.Name == WorkloadNames.DwsAgent).Variable(AgentVariables.StorageClass));
    }

    [Theory]
    [InlineData("testnet", 6)]
    [InlineData("mainnet", 6)]
    public void EveryOperatorOfAwsHasARoleOfItsOwn(string stack, int expected)
    {
        string[] operators = ["external-secrets", "external-dns", "load-balancer", "cluster-autoscaler", "monitoring"];
        PlannedResource[] bound = [.. stacks.Of(stack).Where(one => one.Type == "aws:eks/podIdentityAssociation:PodIdentityAssociation" && operators.Contains(one.Text("namespace")))];
        Assert.Equal(expected, bound.Length);
        Assert.Equal(expected, bound.Select(one => one.Inputs.GetProperty("roleArn").ToString()).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryPublicHostHasExactlyOneRouteToItsService(string stack, CloudName cloud)
    {
        EndpointTable table = EndpointTable.For(cloud == CloudName.Gcp ? "gcp.jejunetwork.org" : stack == "testnet" ? "testnet.jejunetwork.org" : "jejunetwork.org");
        PlannedResource[] objects = Objects(stack, cloud);
        Assert.All(ClusterRoutes.Public(table), route =>
        {
            string type = cloud == CloudName.Aws ? "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding" : "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
            PlannedResource declared = Assert.Single(objects, one => one.Type == type
                && one.Text("metadata", "namespace") == route.Namespace && one.Text("metadata", "name") == route.Endpoint.Name);
            JsonElement spec = declared.Inputs.GetProperty("spec");
            JsonElement target = cloud == CloudName.Aws ? spec.GetProperty("serviceRef") : spec.GetProperty("rules")[0].GetProperty("backendRefs")[0];
            Assert.Equal(route.Endpoint.Service, target.GetProperty("name").GetString());
            Assert.Equal(route.Endpoint.Port, target.GetProperty("port").GetInt32());
            if (cloud == CloudName.Gcp)
            {
                Assert.Equal([route.Host, route.Endpoint.HostIn("jejunetwork.org")], spec.GetProperty("hostnames").EnumerateArray().Select(host => host.GetString()));
                Assert.Equal("https", spec.GetProperty("parentRefs")[0].GetProperty("sectionName").GetString());
            }
        });
        Assert.All(ClusterRoutes.Internal(table), route => Assert.Single(objects, one =>
            one.Type == "kubernetes:core/v1:Service" && one.Text("metadata", "annotations", "external-dns.alpha.kubernetes.io/hostname") == route.Host));
    }

    [Fact]
    public void EveryServiceBehindTheGatewayHasTheFirewallAndAHealthCheck()
    {
        PlannedResource[] objects = Objects("mainnet", CloudName.Gcp);
        Assert.All(ClusterRoutes.Services(EndpointTable.For("gcp.jejunetwork.org").InFrontOf(ExecutionClient.OpReth)), service =>
        {
            PlannedResource Policy(string kind) => Assert.Single(objects, one => one.Type == $"kubernetes:networking.gke.io/v1:{kind}"
                && one.Text("metadata", "namespace") == service.Namespace && one.Text("spec", "targetRef", "name") == service.Service);
            JsonElement check = Policy("HealthCheckPolicy").Inputs.GetProperty("spec").GetProperty("default").GetProperty("config").GetProperty(service.AnswersPlainRequests ? "httpHealthCheck" : "tcpHealthCheck");
            Assert.Equal(service.HealthPort, check.GetProperty("port").GetInt32());
            Assert.Equal(service.AnswersPlainRequests ? service.HealthPath : null, check.TryGetProperty("requestPath", out JsonElement path) ? path.GetString() : null);
            Assert.Contains("jeju-mainnet", Policy("GCPBackendPolicy").Inputs.GetProperty("spec").GetProperty("default").GetProperty("securityPolicy").ToString(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryAlertIsARuleOfTheClusterOrAnAlarmOfTheCloudAndEveryDashboardIsLoaded(string stack, CloudName cloud)
    {
        PlannedResource[] objects = Objects(stack, cloud);
        JsonElement[] rules = [.. objects.Where(one => one.Type == "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
            .SelectMany(one => one.Inputs.GetProperty("spec").GetProperty("groups").EnumerateArray())
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())];
        Assert.Equal(ClusterAlerts.All.Select(alert => alert.Name).Order(), rules.Select(rule => rule.GetProperty("alert").GetString()!).Order());
        Assert.All(rules, rule => Assert.NotEmpty(rule.GetProperty("annotations").GetProperty("runbook").GetString()!));
        Assert.All(ClusterDashboards.All, dashboard => Assert.Single(objects, one => one.Type == "kubernetes:core/v1:ConfigMap"
            && one.Text("metadata", "labels", "grafana_dashboard") == "1" && one.Text("data", $"{dashboard.Name}.json") == dashboard.ToJson()));

        string type = cloud == CloudName.Aws ? "aws:cloudwatch/metricAlarm:MetricAlarm" : "gcp:monitoring/alertPolicy:AlertPolicy";
        string[] alarms = [.. stacks.Of(stack).Where(one => one.Type == type).Select(one => one.Name)];
        Assert.All(ClusterAlerts.Cloud, alert => Assert.Contains($"jeju-{stack}-{(cloud == CloudName.Aws ? alert.AwsAlarm : alert.GcpPolicy)}", alarms));
        if (cloud == CloudName.Gcp)
        {
            Assert.All(ClusterAlerts.All, alert => Assert.Contains($"jeju-{stack}-cluster-{alert.Name}", alarms));
        }
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void TheLoadBalancerIsLetInToTheRoutedPortsAlone(string stack)
    {
        PlannedResource[] rules = [.. stacks.Of(stack).Where(one => one.Type == "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" && one.Name.Contains("-entry-", StringComparison.Ordinal))];
        Assert.Equal(
            EndpointTable.For("jejunetwork.org").Public.Select(endpoint => endpoint.Port).Distinct().Order(),
            rules.Select(rule => rule.Inputs.GetProperty("fromPort").GetInt32()).Order());
        Assert.All(rules, rule =>
        {
            Assert.Equal(rule.Inputs.GetProperty("fromPort").GetInt32(), rule.Inputs.GetProperty("toPort").GetInt32());
            Assert.True(rule.Inputs.TryGetProperty("referencedSecurityGroupId", out _));
        });
    }

    [Fact]
    public void TheCloudsOfMainnetAreJoinedByFourTunnelsWhoseKeysAreInNoPlanAndTestnetByNone()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("mainnet");
        Assert.Equal(2, plan.Count(one => one.Type == "aws:ec2/vpnConnection:VpnConnection"));
        PlannedResource[] tunnels = [.. plan.Where(one => one.Type == "gcp:compute/vPNTunnel:VPNTunnel")];
        Assert.Equal([0, 0, 1, 1], tunnels.OrderBy(one => one.Name).Select(one => one.Inputs.GetProperty("vpnGatewayInterface").GetInt32()));
        Assert.Equal([0, 1, 2, 3], tunnels.Select(one => one.Inputs.GetProperty("peerExternalGatewayInterface").GetInt32()).Order());
        Assert.All(tunnels, one => Assert.Contains("aws:ec2/vpnConnection:VpnConnection", one.Inputs.GetProperty("sharedSecret").GetProperty("$unknown").ToString(), StringComparison.Ordinal));
        Assert.Equal(4, plan.Count(one => one.Type == "gcp:compute/routerPeer:RouterPeer"));
        Assert.DoesNotContain(stacks.Of("testnet"), one => one.Type.Contains("/vpn", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsPolicy(PlannedResource one, string @namespace, string name) => one.Type == "kubernetes:networking.k8s.io/v1:NetworkPolicy"
        && one.Text("metadata", "namespace") == @namespace && one.Text("metadata", "name") == name;

    private static string? Group(PlannedResource resource)
    {
        string[] version = resource.Type.Split(':')[1].Split('/');
        return version.Length == 2 ? version[0] : null;
    }

    /// <summary>The objects of one cluster: those whose names carry its stem.</summary>
    private PlannedResource[] Objects(string stack, CloudName cloud) => [.. stacks.Of(stack).Where(one =>
        one.Type.StartsWith("kubernetes:", StringComparison.Ordinal) && one.Name.StartsWith($"jeju-{stack}-{cloud.ToString().ToLowerInvariant()}-", StringComparison.Ordinal))];
}
