using System.Globalization;
using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about CovenantSQL.</summary>
public sealed class CovenantSqlArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;
}

/// <summary>CovenantSQL: one block producer and at least three miners, each with a volume and a key of its own, all of them known to each other by name.</summary>
public sealed class CovenantSql : ComponentResource
{
    private const string ConfigFile = "nodes.json";
    private const string KeyFolder = "/secrets/node-keys";

    private readonly string _name;
    private readonly CovenantSqlArgs _args;

    /// <summary>Declares producer and miners.</summary>
    public CovenantSql(string name, CovenantSqlArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:CovenantSql", name, args, options)
    {
        _name = name;
        _args = args;
        Resource producer = Declare(WorkloadNames.CovenantSqlProducer, "blockproducer", []);
        Declare(WorkloadNames.CovenantSqlMiner, "miner", [producer]);
        RegisterOutputs();
    }

    private Resource Declare(string workload, string role, IReadOnlyList<Resource> after)
    {
        WorkloadPlan plan = _args.Cluster.Plan(workload);
        string key = role == "miner" ? "miner-$(POD_INDEX).key" : "block-producer.key";
        return new ChainWorkload(
            $"{_name}-{role}",
            new ChainWorkloadArgs
            {
                Cluster = _args.Cluster,
                Plan = plan,
                Image = _args.Image,
                Files = new Dictionary<string, Input<string>> { [ConfigFile] = Nodes().ToJsonString() },
                Variables =
                [
                    PodVariable.PodIndex,
                    PodVariable.Of("COVENANT_ROLE", role),
                    PodVariable.Of("COVENANT_NODES", $"/etc/{plan.Name}/{ConfigFile}"),
                    PodVariable.Of("COVENANT_DATA", WorkloadTemplate.DataPath),
                    PodVariable.Of("COVENANT_KEY_FILE", $"{KeyFolder}/{key}"),
                    PodVariable.Of("METRICS_PORT", $"{WorkloadPlan.MetricsPort}"),
                ],
                SecretFolders = [new(SecretCatalog.CovenantSqlKeys, KeyFolder)],
                After = after,
            },
            new ComponentResourceOptions { Parent = this }).Pods;
    }

    /// <summary>Every node by its name in the cluster: a list that each of them is given alike.</summary>
    private JsonObject Nodes() => new()
    {
        ["ports"] = new JsonObject(_args.Cluster.Plan(WorkloadNames.CovenantSqlProducer).Ports
            .Where(port => port.Name != "metrics")
            .Select(port => KeyValuePair.Create(port.Name, (JsonNode?)port.Number))),
        ["blockProducers"] = Hosts(WorkloadNames.CovenantSqlProducer),
        ["miners"] = Hosts(WorkloadNames.CovenantSqlMiner),
    };

    private JsonArray Hosts(string workload)
    {
        WorkloadPlan plan = _args.Cluster.Plan(workload);
        return new JsonArray([.. Enumerable.Range(0, plan.Replicas)
            .Select(ordinal => (JsonNode)WorkloadNames.HostOf(plan, ordinal.ToString(CultureInfo.InvariantCulture)))]);
    }
}
