using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the gateway.</summary>
public sealed class GatewayArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>Where the database takes writes.</summary>
    [Input("databaseHost", required: true)]
    public Input<string> DatabaseHost { get; set; } = null!;

    /// <summary>The endpoints, for the hosts that stand for names.</summary>
    public required EndpointTable Endpoints { get; init; }

    /// <summary>The settlement chain, where names are looked up.</summary>
    public required string ChainEndpoint { get; init; }

    /// <summary>What one address may ask.</summary>
    public GatewayLimits Limits { get; init; } = GatewayLimits.Default;
}

/// <summary>
/// The public API: JSON-RPC, index, bundler, and content of the JNS names. It passes on only the methods of a list, counts expensive ones as what they cost, and answers for its own health alone: an
/// upstream that is down is an error of the request, and no reason to restart.
/// </summary>
public sealed class Gateway : ComponentResource
{
    private const string ConfigFile = "gateway.json";
    private const string NamesFolder = "/etc/jns-contracts";

    /// <summary>Declares the gateway.</summary>
    public Gateway(string name, GatewayArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:Gateway", name, args, options)
    {
        ChainCluster cluster = args.Cluster;
        WorkloadPlan plan = cluster.Plan(WorkloadNames.Gateway);
        _ = new ChainWorkload(
            $"{name}-gateway",
            new ChainWorkloadArgs
            {
                Cluster = cluster,
                Plan = plan,
                Image = args.Image,
                Files = new Dictionary<string, Input<string>> { [ConfigFile] = Configuration(args).ToJsonString() },
                ConfigFolders = [new(GatewayNames.ConfigMapName, NamesFolder, IsOptional: true)],
                Variables =
                [
                    .. OwnProgram.Variables(cluster, plan),
                    .. PodDatabase.Variables(args.DatabaseHost, SecretCatalog.GatewayDatabase),
                    PodVariable.Of("GATEWAY_CONFIG", $"/etc/{plan.Name}/{ConfigFile}"),
                ],
                SecretFolders = [PodDatabase.Folder(SecretCatalog.GatewayDatabase)],
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }

    private static JsonObject Configuration(GatewayArgs args)
    {
        ChainCluster cluster = args.Cluster;
        GatewayLimits limits = args.Limits;
        return new JsonObject
        {
            ["upstreams"] = new JsonObject
            {
                ["rpc"] = OwnProgram.Rpc(cluster),
                ["websocket"] = $"ws://{WorkloadNames.HostOf(cluster.Plan(WorkloadNames.Execution))}:{ExecutionPorts.WebSocket}",
                ["indexer"] = OwnProgram.Of(cluster, WorkloadNames.Indexer),
                ["bundler"] = OwnProgram.Of(cluster, WorkloadNames.Bundler),
            },
            ["names"] = new JsonObject
            {
                ["chain"] = args.ChainEndpoint,
                ["chainId"] = cluster.Profile.SettlementChain.Value,
                ["contractsFile"] = $"{NamesFolder}/{GatewayNames.FileName}",
                ["below"] = new JsonArray([.. args.Endpoints.Public.Where(endpoint => endpoint.IsWildcard).Select(endpoint => (JsonNode)endpoint.HostIn(args.Endpoints.Zone)[2..])]),
                ["hosts"] = new JsonObject(args.Endpoints.NamedHosts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            },
            ["rpc"] = new JsonObject
            {
                ["namespaces"] = new JsonArray([.. limits.Namespaces.Select(name => (JsonNode)name)]),
                ["maximumBodyBytes"] = limits.MaximumBodyBytes,
                ["maximumBatch"] = limits.MaximumBatch,
            },
            ["limits"] = new JsonObject
            {
                ["unitsPerMinute"] = limits.UnitsPerMinute,
                ["defaultUnits"] = 1,
                ["methods"] = new JsonObject(limits.Units.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            },
            ["health"] = new JsonObject { ["includesUpstreams"] = false },
        };
    }
}
