using System.Text.Json.Nodes;
using Jeju.Infra.Components.Kubernetes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Gateway;
using Jeju.Infra.Tests.Stacks;
using Microsoft.Extensions.Logging.Abstractions;
using Pulumi.Testing;
using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>The agent's pod, planned by its component and read by the agent itself: neither side can change its mind alone.</summary>
public sealed class AgentPodTests : IDisposable
{
    private const string Key = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    private static readonly Bytes32 Node = Bytes32.FromName("the node");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jeju-pod-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("testnet", CloudName.Aws, "gp3-leases", 3)]
    [InlineData("mainnet", CloudName.Gcp, "pd-ssd-leases", 10)]
    public async Task The_planned_pod_is_what_the_agent_reads(string network, CloudName cloud, string storageClass, int confirmations)
    {
        JsonNode planned = await PlanAsync(network, cloud);
        Dictionary<string, string> variables = Enter(planned);

        AgentSettings settings = AgentPod.Read(variables).ReadNode()!;

        Assert.Equal(AgentVariables.All.Order(StringComparer.Ordinal), variables.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["agent", "run"], Container(planned)["args"]!.AsArray().Select(argument => argument!.GetValue<string>()));
        Assert.Equal((NetworkProfile.ForStack(network).SettlementChain, confirmations), (settings.ChainId, settings.Confirmations));
        Assert.Equal(("https://chain.example", Key), (settings.ChainUrl, settings.AgentKey));
        Assert.Equal(
            (Node, Address.Parse("0x" + new string('1', 40)), Address.Parse("0x" + new string('2', 40))),
            (settings.NodeId, settings.ExternalChainProvider, settings.ProviderRegistry));
        Assert.Equal(("kubernetes", ClusterNamespaces.DwsTenants, storageClass), (settings.Backend, settings.Kubernetes!.Namespace, settings.Kubernetes.StorageClass));
        Assert.Contains("sha256:", File.ReadAllText(settings.Kubernetes.ImageLockFile), StringComparison.Ordinal);

        // The folder that it writes to outlives the pod, and what it is asked on is what the pod opens.
        Assert.Equal("data", Mount(planned, Under(settings.StateFolder))["name"]!.GetValue<string>());
        Assert.Equal("data", StatefulSet(planned)["spec"]!["volumeClaimTemplates"]![0]!["metadata"]!["name"]!.GetValue<string>());
        Assert.Equal("0.0.0.0", settings.StatusAddress);
        Assert.Equal((settings.StatusPort, settings.MetricsPort), (Port(planned, "http"), Port(planned, "metrics")));
    }

    [Fact]
    public async Task The_planned_gateway_is_what_the_gateway_reads_and_both_of_one_mind_with_the_agent()
    {
        JsonNode planned = await PlanAsync("testnet", CloudName.Aws);
        JsonNode pod = planned["kubernetes:apps/v1:Deployment::test-lease-gateway"]!["spec"]!["template"]!["spec"]!;
        JsonNode container = Assert.Single(pod["containers"]!.AsArray())!;
        Dictionary<string, string> variables = container["env"]!.AsArray().ToDictionary(variable => variable!["name"]!.GetValue<string>(), variable => variable!["value"]!.GetValue<string>());

        LeaseGatewaySettings settings = LeaseGatewaySettings.Read(variables);
        AgentSettings agent = AgentPod.Read(Enter(planned)).ReadNode()!;

        Assert.Equal(LeaseGatewayVariables.All.Order(StringComparer.Ordinal), variables.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["agent", "gateway"], container["args"]!.AsArray().Select(argument => argument!.GetValue<string>()));
        Assert.Equal((agent.Kubernetes!.LeaseDomain, agent.Kubernetes.Namespace), (settings.Domain, settings.Namespace));
        Assert.Equal("leases.testnet.jejunetwork.org", settings.Domain);
        Assert.Equal(
            settings.Ports.Concat([settings.StatusPort, settings.MetricsPort]).Order(),
            container["ports"]!.AsArray().Select(port => port!["containerPort"]!.GetValue<int>()).Order());
        Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
        Assert.True(settings.Drain.TotalSeconds < pod["terminationGracePeriodSeconds"]!.GetValue<int>());
        Assert.All(variables.Keys.ToList(), name => Assert.Contains(
            $"{name} is missing", Assert.Throws<InfraException>(() => LeaseGatewaySettings.Read(variables.Where(variable => variable.Key != name).ToDictionary())).Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_planned_role_is_the_list_of_permissions_and_ends_at_the_tenants_namespace()
    {
        JsonNode planned = await PlanAsync("mainnet", CloudName.Aws);

        JsonNode role = planned["kubernetes:rbac.authorization.k8s.io/v1:Role::test-tenants"]!;
        JsonNode policy = planned["kubernetes:networking.k8s.io/v1:NetworkPolicy::test-tenants-probes"]!;
        string[] Texts(JsonNode? list) => [.. list!.AsArray().Select(text => text!.GetValue<string>())];

        Assert.Equal(ClusterNamespaces.DwsTenants, role["metadata"]!["namespace"]!.GetValue<string>());
        Assert.Equal(
            TenantPermissions.All.Select(permission => $"{permission.Group}/{permission.Resource}: {string.Join(' ', permission.Verbs)}"),
            role["rules"]!.AsArray().Select(rule => $"{Assert.Single(Texts(rule!["apiGroups"]))}/{Assert.Single(Texts(rule["resources"]))}: {string.Join(' ', Texts(rule["verbs"]))}"));
        Assert.Equal(["Ingress", "Egress"], Texts(policy["spec"]!["policyTypes"]));
        Assert.Null(policy["spec"]!["egress"]);
        Assert.DoesNotContain(planned.AsObject(), resource => resource.Key.Contains(":ClusterRole", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_variable_of_the_pod_is_needed_and_all_that_lack_are_named_at_once()
    {
        Dictionary<string, string> variables = Enter(await PlanAsync("testnet", CloudName.Aws));

        Assert.All(variables.Keys.ToList(), name =>
        {
            InfraException refusal = Assert.Throws<InfraException>(() => AgentPod.Read(variables.Where(variable => variable.Key != name).ToDictionary()));
            Assert.Equal("JEJU0630", refusal.Code.ToString());
            Assert.Contains($"{name} is missing", refusal.Message, StringComparison.Ordinal);
        });
        InfraException all = Assert.Throws<InfraException>(() => AgentPod.Read(new Dictionary<string, string>()));
        Assert.All(AgentVariables.All, name => Assert.Contains(name, all.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(variables.Values, value => value.Contains(Key[2..], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AgentVariables.ChainId, "1", "84532")]
    [InlineData(AgentVariables.Network, "moonnet", "moonnet")]
    [InlineData(AgentVariables.Port, "http", "PORT")]
    [InlineData(AgentVariables.Port, "9464", "metricsPort")]
    [InlineData(AgentVariables.Backend, "workerd", "kubernetes")]
    [InlineData(AgentVariables.TenantNamespace, "../kube-system", "namespace")]
    [InlineData(AgentVariables.LeaseDomain, "https://leases.example.org", "leaseDomain")]
    [InlineData(AgentVariables.KeyFile, "/nowhere/key", "/nowhere/key")]
    public async Task A_wrong_variable_is_refused_before_anything_runs(string name, string value, string message)
    {
        Dictionary<string, string> variables = Enter(await PlanAsync("testnet", CloudName.Aws));
        variables[name] = value;

        InfraException refusal = Assert.Throws<InfraException>(() => AgentPod.Read(variables));

        Assert.Equal("JEJU0630", refusal.Code.ToString());
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key[2..], refusal.ToDisplayText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_node_the_agent_serves_nobody_and_the_probes_and_the_monitor_of_the_pod_are_answered()
    {
        JsonNode planned = await PlanAsync("testnet", CloudName.Aws);
        Dictionary<string, string> variables = Enter(planned);
        File.Delete(variables[AgentVariables.NodeFile]);
        AgentPod pod = AgentPod.Read(variables);
        Assert.Null(pod.ReadNode());
        AgentSettings settings = new()
        {
            ChainUrl = "https://chain.example", ChainId = ChainId.BaseSepolia, AgentKey = Key, StateFolder = variables[AgentVariables.StateFolder], RepositoryRoot = _folder.FullName,
            NodeId = Bytes32.Zero, ExternalChainProvider = Address.Zero, ProviderRegistry = Address.Zero, StatusPort = 0, MetricsPort = 0,
        };
        string health = Container(planned)["readinessProbe"]!["httpGet"]!["path"]!.GetValue<string>();
        JsonNode monitor = planned["kubernetes:monitoring.coreos.com/v1:ServiceMonitor::test-dws-agent"]!["spec"]!["endpoints"]![0]!;
        string figures = monitor["path"]!.GetValue<string>();
        using HttpClient http = new();

        await using AgentStatusServer server = await AgentStatusServer.StartAsync(settings, new AgentMetrics(), null, default);
        Uri[] addresses = [.. server.Addresses.Select(address => new Uri($"http://127.0.0.1:{address.Port}"))];

        Assert.Equal("http", Container(planned)["livenessProbe"]!["httpGet"]!["port"]!.GetValue<string>());
        Assert.Equal("metrics", monitor["port"]!.GetValue<string>());
        Assert.Equal("ok", await http.GetStringAsync(new Uri(addresses[1], health)));
        Assert.Contains("jeju_agent_", await http.GetStringAsync(new Uri(addresses[0], figures)), StringComparison.Ordinal);

        // An agent that cannot reach its chain yet is not ready, and lives: it is not started again for that.
        await using AgentStatusServer waiting = await AgentStatusServer.StartAsync(settings, new AgentMetrics(), () => [], default);
        Uri own = new($"http://127.0.0.1:{waiting.Addresses[1].Port}");
        using HttpResponseMessage notReady = await http.GetAsync(new Uri(own, health));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        foreach (string probe in (string[])["livenessProbe", "startupProbe"])
        {
            Assert.Equal("ok", await http.GetStringAsync(new Uri(own, Container(planned)[probe]!["httpGet"]!["path"]!.GetValue<string>())));
        }

        // The port that the load balancer reaches tells strangers nothing of the leases.
        foreach (string path in (string[])[figures, "/status"])
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(addresses[1], path));
            Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_agent_follows_its_node_as_it_comes_changes_and_goes_without_a_restart()
    {
        Dictionary<string, string> variables = Enter(await PlanAsync("testnet", CloudName.Aws));
        string file = variables[AgentVariables.NodeFile];
        string node = File.ReadAllText(file);
        File.Delete(file);
        variables[AgentVariables.Port] = "0";
        variables[AgentVariables.MetricsPort] = "0";
        variables[AgentVariables.ChainEndpoint] = "http://127.0.0.1:1";
        using CancellationTokenSource stop = new();

        Task run = AgentPod.Read(variables).RunAsync(new HastyTime(100), NullLoggerFactory.Instance, stop.Token);
        await ServesAsync(null);
        Replace(node);
        await ServesAsync(Node.ToString());
        Replace(node.Replace(Node.ToString(), Bytes32.FromName("another node").ToString(), StringComparison.Ordinal));
        await ServesAsync(Bytes32.FromName("another node").ToString());
        File.Delete(file);
        await ServesAsync(null);
        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(Directory.GetFiles(variables[AgentVariables.StateFolder], "status.url"));

        void Replace(string text)
        {
            File.WriteAllText(file + ".new", text);
            File.Move(file + ".new", file, overwrite: true);
        }

        async Task ServesAsync(string? nodeId)
        {
            using HttpClient http = new();
            using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
            string? served = "none yet";
            while (served != nodeId)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
                try
                {
                    string address = await File.ReadAllTextAsync(Path.Combine(variables[AgentVariables.StateFolder], "status.url"), deadline.Token);
                    served = JsonNode.Parse(await http.GetStringAsync($"{address}/status", deadline.Token))!["nodeId"]?.GetValue<string>();
                }
                catch (Exception between) when (between is IOException or HttpRequestException or InvalidOperationException)
                {
                    // One agent stops and the next one starts; or the file is just being written.
                }
            }
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("{\"nodeId\": \"0x00\"}")]
    public async Task A_damaged_node_file_is_no_absent_one(string text)
    {
        Dictionary<string, string> variables = Enter(await PlanAsync("testnet", CloudName.Aws));
        File.WriteAllText(variables[AgentVariables.NodeFile], text);

        Assert.Equal("JEJU0630", Assert.Throws<InfraException>(() => AgentPod.Read(variables).ReadNode()).Code.ToString());
        await Assert.ThrowsAsync<InfraException>(() => AgentPod.Read(variables).RunAsync(TimeProvider.System, NullLoggerFactory.Instance, default));
    }

    /// <summary>What a program in the pod would see: its mounts as folders here, and the environment with their paths.</summary>
    private Dictionary<string, string> Enter(JsonNode planned)
    {
        foreach (JsonNode mount in Container(planned)["volumeMounts"]!.AsArray().OfType<JsonNode>())
        {
            string folder = Directory.CreateDirectory(Here(mount["mountPath"]!.GetValue<string>())).FullName;
            JsonNode? volume = StatefulSet(planned)["spec"]!["template"]!["spec"]!["volumes"]!.AsArray().SingleOrDefault(volume => volume!["name"]!.GetValue<string>() == mount["name"]!.GetValue<string>());
            if (volume?["secret"]?["secretName"]?.GetValue<string>() is { } secret)
            {
                Assert.Equal(SecretCatalog.AgentKey.Name, secret);
                File.WriteAllText(Path.Combine(folder, SecretCatalog.AgentKey.OnlyKey), Key + "\n");
            }
            else if (volume?["configMap"]?["name"]?.GetValue<string>() is { } name)
            {
                JsonNode config = planned.AsObject().Single(pair => pair.Key.Contains(":ConfigMap::", StringComparison.Ordinal) && pair.Value!["metadata"]!["name"]!.GetValue<string>() == name).Value!;
                foreach ((string file, JsonNode? content) in config["data"]!.AsObject())
                {
                    File.WriteAllText(Path.Combine(folder, file), content!.GetValue<string>());
                }
            }
        }

        // A path is one below a mount; everything else stays as it is.
        string[] mounts = [.. Container(planned)["volumeMounts"]!.AsArray().Select(mount => mount!["mountPath"]!.GetValue<string>())];
        return Container(planned)["env"]!.AsArray().ToDictionary(
            variable => variable!["name"]!.GetValue<string>(),
            variable => variable!["value"]!.GetValue<string>() is var value && mounts.Any(mount => value.StartsWith(mount, StringComparison.Ordinal)) ? Here(value) : value);
    }

    private string Here(string path) => Path.Combine(_folder.FullName, path.TrimStart('/'));

    private string Under(string path) => path[_folder.FullName.Length..];

    private static JsonNode StatefulSet(JsonNode planned) => planned["kubernetes:apps/v1:StatefulSet::test-dws-agent"]!;

    private static JsonNode Container(JsonNode planned) => StatefulSet(planned)["spec"]!["template"]!["spec"]!["containers"]![0]!;

    private static JsonNode Mount(JsonNode planned, string path) => Container(planned)["volumeMounts"]!.AsArray().Single(mount => mount!["mountPath"]!.GetValue<string>() == path)!;

    private static int Port(JsonNode planned, string name) =>
        Container(planned)["ports"]!.AsArray().Single(port => port!["name"]!.GetValue<string>() == name)!["containerPort"]!.GetValue<int>();

    private static async Task<JsonNode> PlanAsync(string network, CloudName cloud)
    {
        PlannedResources planned = new();
        await Pulumi.Deployment.TestAsync(planned, new TestOptions { ProjectName = "jeju-infra", StackName = network, IsPreview = false }, () =>
        {
            NetworkProfile profile = NetworkProfile.ForStack(network);
            ChainCluster cluster = new(
                profile,
                cloud,
                NodeGroups.For(profile.Name, cloud),
                sequences: true,
                WorkloadSizes.For(profile.Name),
                EndpointTable.For($"{network}.jejunetwork.org"));
            _ = new DwsAgent("test", new DwsAgentArgs
            {
                Cluster = cluster,
                Image = "agent:1.0.0",
                ChainEndpoint = "https://chain.example",
                ImageDigests = new Dictionary<string, string> { [ServiceCatalog.Find("redis").Workload!.Image.Registry] = "sha256:" + new string('a', 64) },
            });
            _ = new AgentNode("test-node", new AgentNodeArgs
            {
                NodeId = Node.ToString(), ExternalChainProvider = "0x" + new string('1', 40), ProviderRegistry = "0x" + new string('2', 40),
            });
            return new Dictionary<string, object?>();
        });
        return JsonNode.Parse(planned.ToJson())!;
    }
}
