using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Policy;

/// <summary>Pods and the nodes that they would run on, on both clouds.</summary>
public sealed class PodCapacityTests
{
    private const string Rule = "JEJU0915";
    private const string StatefulSet = "kubernetes:apps/v1:StatefulSet";

    public static TheoryData<string, string> Nodes => new() { { "aws", "m6a.xlarge" }, { "gcp", "n2-standard-4" } };

    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_pod_larger_than_a_node_of_its_group_is_refused(string cloud, string machine)
    {
        string[] refusals = Cluster(cloud, machine, 3).With(StatefulSet, "node", Pods("rpc", 1, "4", "2Gi"), provider: "cluster").Refusals(Rule);
        Assert.StartsWith($"node: Its pods ask for 4000m and 2048 Mi; a node of 'rpc' ({machine}) has ", Assert.Single(refusals), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void More_pods_than_the_largest_group_takes_are_refused(string cloud, string machine)
    {
        PlanOfResources Plan(int replicas) => Cluster(cloud, machine, 3).With(StatefulSet, "node", Pods("rpc", replicas, "1500m", "2Gi"), provider: "cluster");

        Assert.Empty(Plan(6).Refusals(Rule));
        Assert.Equal([$"rpc: All pods of 'rpc' need 4 nodes of {machine}; the group grows to 3."], Plan(7).Refusals(Rule));
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void What_an_autoscaler_may_make_of_them_counts(string cloud, string machine)
    {
        PlanOfResources Plan(int most) => Cluster(cloud, machine, 2)
            .With("kubernetes:apps/v1:Deployment", "api", Pods("rpc", 2, "1", "1Gi"), provider: "cluster")
            .With(
                "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "api-scale",
                PropertyMap.Of(("metadata", Named("api")), ("spec", PropertyMap.Of(("maxReplicas", most), ("scaleTargetRef", PropertyMap.Of(("kind", "Deployment"), ("name", "api")))))),
                provider: "cluster");

        Assert.Empty(Plan(6).Refusals(Rule));
        Assert.Single(Plan(7).Refusals(Rule));
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_machine_of_unknown_size_is_refused(string cloud, string machine) =>
        Assert.Equal([$"rpc: The size of '{machine}-metal' is not known."], Cluster(cloud, machine + "-metal", 3).Refusals(Rule));

    [Fact]
    public void What_a_chart_asks_for_is_on_the_general_nodes()
    {
        PlanOfResources Plan(string memory) => Cluster("aws", "m6a.xlarge", 1, "general").With(
            "kubernetes:helm.sh/v3:Release", "chart",
            PropertyMap.Of(("values", PropertyMap.Of(("webhook", PropertyMap.Of(("replicaCount", 2), ("resources", Requests("100m", memory))))))),
            provider: "cluster");

        Assert.Empty(Plan("4Gi").Refusals(Rule));
        Assert.Equal(["general: All pods of 'general' need 2 nodes of m6a.xlarge; the group grows to 1."], Plan("7Gi").Refusals(Rule));
    }

    private static PlanOfResources Cluster(string cloud, string machine, int maximum, string group = "rpc")
    {
        string type = cloud == "aws" ? "aws:eks/cluster:Cluster" : "gcp:container/cluster:Cluster";
        PlanOfResources plan = new PlanOfResources().With(type, "kube", PropertyMap.Empty)
            .With("pulumi:providers:kubernetes", "cluster", PropertyMap.Empty, new() { ["kubeconfig"] = "kube" });
        return cloud == "aws"
            ? plan.With(
                "aws:eks/nodeGroup:NodeGroup", group,
                PropertyMap.Of(
                    ("instanceTypes", PropertyList.Create([machine])), ("labels", PropertyMap.Of(("workload", group))), ("scalingConfig", PropertyMap.Of(("maxSize", maximum)))),
                new() { ["clusterName"] = "kube" })
            : plan.With(
                "gcp:container/nodePool:NodePool", group,
                PropertyMap.Of(
                    ("nodeConfig", PropertyMap.Of(("machineType", machine), ("labels", PropertyMap.Of(("workload", group))))),
                    ("autoscaling", PropertyMap.Of(("totalMaxNodeCount", maximum)))),
                new() { ["cluster"] = "kube" });
    }

    private static PropertyMap Named(string name) => PropertyMap.Of(("name", name), ("namespace", "chain"));

    private static PropertyMap Pods(string group, int replicas, string cpu, string memory) => PropertyMap.Of(
        ("metadata", Named("api")),
        ("spec", PropertyMap.Of(
            ("replicas", replicas),
            ("template", PropertyMap.Of(("spec", PropertyMap.Of(
                ("nodeSelector", PropertyMap.Of(("workload", group))),
                ("containers", PropertyList.Create([PropertyMap.Of(
                    ("name", "main"), ("resources", Requests(cpu, memory))),
                ])))))))));

    private static PropertyMap Requests(string cpu, string memory) => PropertyMap.Of(("requests", PropertyMap.Of(("cpu", cpu), ("memory", memory))));
}
