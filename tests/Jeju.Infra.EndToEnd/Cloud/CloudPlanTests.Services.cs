using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Cloud;

/// <summary>What the stacks plan on Kubernetes for the chain services.</summary>
public sealed partial class CloudPlanTests
{
    private static readonly string[] Services = ["op-geth", "op-node", "indexer", "gateway", "bundler", "farcaster-hub", "covenantsql-producer", "covenantsql-miner", "messaging-relay", "messaging-kms", "dws-agent"];
    private static readonly string[] Submitters = ["op-batcher", "op-proposer", "op-signer", "op-geth-sequencer", "op-node-sequencer"];

    public static TheoryData<string, string> Clusters => new() { { "testnet", "aws" }, { "mainnet", "aws" }, { "mainnet", "gcp" } };

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryClusterHasTheTenServicesAndOnlyTheSequencingOneSubmits(string stack, string cloud)
    {
        string[] names = [.. Workloads(stack, cloud).Select(workload => workload.Name)];

        Assert.Subset(names.ToHashSet(), Services.ToHashSet());
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(cloud == "aws" ? Submitters.Length : 0, names.Intersect(Submitters).Count());
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public void OfAllClustersOneSequencesOneBatchesAndOneProposes(string stack)
    {
        IReadOnlyList<PlannedWorkload> workloads = PlannedWorkload.Of(stacks.Of(stack));

        Assert.Equal(1, workloads.Where(workload => workload.Variable("OP_NODE_SEQUENCER_ENABLED") == "true").Sum(workload => workload.Replicas));
        Assert.All(workloads.Where(workload => workload.Name == "op-node"), workload => Assert.Equal("false", workload.Variable("OP_NODE_SEQUENCER_ENABLED")));
        foreach (string single in (string[])["op-batcher", "op-proposer"])
        {
            PlannedWorkload workload = Assert.Single(workloads, workload => workload.Name == single);
            Assert.Equal((1, "Recreate"), (workload.Replicas, workload.Object["spec"]!["strategy"]!["type"]!.GetValue<string>()));
        }
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EverySelectorAndTolerationIsALabelAndATaintOfAPlannedNodeGroup(string stack, string cloud)
    {
        Dictionary<string, JsonNode?> taints = stacks.Of(stack)
            .Where(resource => resource.Type == (cloud == "aws" ? "aws:eks/nodeGroup:NodeGroup" : "gcp:container/nodePool:NodePool"))
            .Select(resource => cloud == "aws" ? PlannedWorkload.Node(resource) : PlannedWorkload.Node(resource)["nodeConfig"]!)
            .ToDictionary(group => group["labels"]!["workload"]!.GetValue<string>(), group => group["taints"]?.AsArray().FirstOrDefault());

        Assert.All(Workloads(stack, cloud), workload =>
        {
            string selected = workload.Pod["nodeSelector"]!["workload"]!.GetValue<string>();
            Assert.True(taints.ContainsKey(selected), $"{workload.Name}: no group has the label workload={selected}");
            JsonNode? toleration = workload.Pod["tolerations"]?.AsArray().SingleOrDefault();
            Assert.Equal(taints[selected] is not null, toleration is not null);
            Assert.Equal(taints[selected]?["value"]?.GetValue<string>(), toleration?["value"]?.GetValue<string>());
            Assert.Equal(taints[selected]?["key"]?.GetValue<string>(), toleration?["key"]?.GetValue<string>());
        });
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryWorkloadHasProbesLimitsABudgetANetworkPolicyAndAnIdentityOfItsOwn(string stack, string cloud)
    {
        HashSet<string> budgets = Names(stack, cloud, "policy/v1:PodDisruptionBudget");
        HashSet<string> policies = Names(stack, cloud, "networking.k8s.io/v1:NetworkPolicy");
        HashSet<string> accounts = Names(stack, cloud, "core/v1:ServiceAccount");

        Assert.All(Workloads(stack, cloud), workload =>
        {
            string name = $"{workload.Namespace}/{workload.Name}";
            Assert.Contains(name, policies);
            Assert.Contains(name, accounts);
            Assert.Equal(workload.Name, workload.Pod["serviceAccountName"]!.GetValue<string>());
            Assert.Equal(workload.Name == "dws-agent", workload.Pod["automountServiceAccountToken"]!.GetValue<bool>());
            Assert.All(workload.AllContainers, container =>
            {
                Assert.NotNull(container["resources"]?["limits"]?["memory"]);
                Assert.NotNull(container["resources"]?["limits"]?["cpu"]);
                Assert.NotNull(container["resources"]?["requests"]?["memory"]);
                JsonNode security = container["securityContext"]!;
                Assert.False(security["allowPrivilegeEscalation"]!.GetValue<bool>());
                Assert.True(security["readOnlyRootFilesystem"]!.GetValue<bool>());
                Assert.True(security["runAsNonRoot"]!.GetValue<bool>());
                Assert.Equal("ALL", security["capabilities"]!["drop"]![0]!.GetValue<string>());
                Assert.Equal("RuntimeDefault", security["seccompProfile"]!["type"]!.GetValue<string>());
            });
            if (workload.Kind != "Job")
            {
                Assert.Contains(name, budgets);
                Assert.All(workload.Containers, container => Assert.All(["livenessProbe", "readinessProbe", "startupProbe"], probe => Assert.NotNull(container[probe])));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EverySecretThatAPodReadsIsOneThatTheClusterGets(string stack, string cloud)
    {
        Dictionary<string, HashSet<string>> secrets = stacks.Of(stack)
            .Where(resource => PlannedWorkload.CloudOf(resource) == cloud)
            .Select(resource => (resource.Type, Object: resource.Type.StartsWith("kubernetes:external-secrets", StringComparison.Ordinal)
                || resource.Type.StartsWith("kubernetes:cert-manager", StringComparison.Ordinal) ? PlannedWorkload.Node(resource) : null))
            .Where(resource => resource.Object?["metadata"]?["namespace"] is not null && resource.Type.Split(':')[2] is "ExternalSecret" or "Certificate")
            .ToDictionary(
                resource => $"{resource.Object!["metadata"]!["namespace"]}/{resource.Object["spec"]!["target"]?["name"] ?? resource.Object["spec"]!["secretName"]}",
                resource => (resource.Object!["spec"]!["data"]?.AsArray().Select(entry => entry!["secretKey"]!.GetValue<string>()) ?? []).ToHashSet());

        Assert.NotEmpty(secrets);
        Assert.All(Workloads(stack, cloud), workload => Assert.All(workload.Secrets, secret =>
        {
            Assert.Contains($"{workload.Namespace}/{secret.Secret}", secrets.Keys);
            Assert.True(secret.Key is null || secrets[$"{workload.Namespace}/{secret.Secret}"].Contains(secret.Key), $"{workload.Name}: {secret} has no such entry");
        }));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryImageIsADigestOrAnExactVersion(string stack, string cloud) =>
        Assert.All(Workloads(stack, cloud).SelectMany(workload => workload.AllContainers), container =>
            Assert.Matches(ExactImage(), container["image"]!.GetValue<string>()));

    [Theory]
    [MemberData(nameof(Clusters))]
    public void TheEnginePortIsOpenForTheConsensusClientAloneAndKeysForTheRelayAlone(string stack, string cloud)
    {
        JsonNode[] policies = [.. Objects(stack, cloud, "networking.k8s.io/v1:NetworkPolicy")];

        (string To, string From)[] engine = [.. From(policies, ExecutionPorts.Engine)];
        Assert.Equal(cloud == "aws" ? 2 : 1, engine.Length);
        Assert.All(engine, edge => Assert.Equal(edge.To.Replace("op-geth", "op-node", StringComparison.Ordinal), edge.From));
        Assert.Equal([("messaging-kms", "messaging-relay")], From(policies, 3300));
    }

    [Theory]
    [MemberData(nameof(Clusters))]
    public void EveryRoutedEndpointHasAServiceWithItsPort(string stack, string cloud)
    {
        Dictionary<string, JsonNode> services = Objects(stack, cloud, "core/v1:Service")
            .ToDictionary(service => $"{service["metadata"]!["namespace"]}/{service["metadata"]!["name"]}");

        Assert.All(EndpointTable.For("jejunetwork.org").Routed, endpoint =>
        {
            string name = $"{ClusterNamespaces.OfService(endpoint.Service)}/{endpoint.Service}";
            Assert.Contains(name, services.Keys);
            Assert.Contains(services[name]["spec"]!["ports"]!.AsArray(), port => port!["port"]!.GetValue<int>() == endpoint.Port);
        });
    }

    [Fact]
    public void APlanWithoutARollupBundleStartsNoClientWithAnInventedOne()
    {
        IReadOnlyList<PlannedResource> plan = stacks.Of("testnet");

        Assert.DoesNotContain(plan, resource => resource.Type == "kubernetes:core/v1:ConfigMap" && resource.Text("metadata", "name") == "rollup-bundle");
        Assert.All(
            PlannedWorkload.Of(plan).Where(workload => workload.Name is "op-geth" or "op-node" or "op-geth-sequencer" or "op-node-sequencer"),
            workload => Assert.Contains(workload.Pod["volumes"]!.AsArray(), volume => volume!["configMap"]?["name"]?.GetValue<string>() == "rollup-bundle"));
    }

    private IReadOnlyList<PlannedWorkload> Workloads(string stack, string cloud)
    {
        PlannedWorkload[] workloads = [.. PlannedWorkload.Of(stacks.Of(stack)).Where(workload => workload.Cloud == cloud)];
        Assert.NotEmpty(workloads);
        return workloads;
    }

    private IEnumerable<JsonNode> Objects(string stack, string cloud, string type) => stacks.Of(stack)
        .Where(resource => resource.Type == $"kubernetes:{type}" && PlannedWorkload.CloudOf(resource) == cloud)
        .Select(PlannedWorkload.Node);

    private HashSet<string> Names(string stack, string cloud, string type) =>
        [.. Objects(stack, cloud, type).Select(item => $"{item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}")];

    /// <summary>Who is let in to a port, by the label of the pods on both sides.</summary>
    private static IEnumerable<(string To, string From)> From(IEnumerable<JsonNode> policies, int port) =>
        from policy in policies
        from rule in policy["spec"]!["ingress"]?.AsArray() ?? []
        where rule!["ports"]?.AsArray().Any(open => open!["port"]!.GetValue<int>() == port) ?? false
        from peer in rule["from"]!.AsArray()
        select (Selected(policy["spec"]!["podSelector"]), Selected(peer!["podSelector"]));

    private static string Selected(JsonNode? selector) => selector?["matchLabels"]?["app.kubernetes.io/name"]?.GetValue<string>() ?? "anybody";

    [GeneratedRegex(@"^[a-z0-9.-]+(/[a-z0-9._-]+)+(:v?[0-9][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})$")]
    private static partial Regex ExactImage();
}
