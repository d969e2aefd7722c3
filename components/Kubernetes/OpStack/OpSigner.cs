using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the signer.</summary>
public sealed class OpSignerArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The batcher's key in the cloud: its ARN, or the resource name of its version.</summary>
    [Input("batcherKey", required: true)]
    public Input<string> BatcherKey { get; set; } = null!;

    /// <summary>The proposer's key in the cloud.</summary>
    [Input("proposerKey", required: true)]
    public Input<string> ProposerKey { get; set; } = null!;

    /// <summary>What binds the service account to an identity of the cloud that may use the keys.</summary>
    [Input("identity")]
    public InputMap<string> Identity { get; set; } = [];

    /// <summary>The most that the proposer may send with a transaction, in wei: the bond of a dispute game.</summary>
    public System.Numerics.BigInteger ProposerBond { get; init; } = System.Numerics.BigInteger.Parse("80000000000000000", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// Signs for batcher and proposer with keys that never leave the cloud's key service. Each client is known by its certificate and may do one thing: send to one address on one chain, from one
/// account, no more than a given value. Without a rollup bundle it signs for nobody.
/// </summary>
public sealed class OpSigner : ComponentResource
{
    private const string ConfigFile = "config.yaml";
    private const string TlsFolder = "/tls";

    /// <summary>Declares the signer.</summary>
    public OpSigner(string name, OpSignerArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:OpSigner", name, args, options)
    {
        ChainCluster cluster = args.Cluster;
        WorkloadPlan plan = cluster.Plan(WorkloadNames.Signer);
        Pods = new ChainWorkload(
            $"{name}-signer",
            new ChainWorkloadArgs
            {
                Cluster = cluster,
                Plan = plan,
                Image = args.Image,
                Identity = args.Identity,
                Files = new Dictionary<string, Input<string>>
                {
                    // JSON is YAML.
                    [ConfigFile] = Output.Tuple(args.BatcherKey, args.ProposerKey).Apply(keys => Clients(args, keys.Item1, keys.Item2).ToJsonString()),
                },
                Variables =
                [
                    PodVariable.Of("OP_SIGNER_SERVICE_CONFIG", $"/etc/{plan.Name}/{ConfigFile}"),
                    PodVariable.Of("OP_SIGNER_RPC_ADDR", "0.0.0.0"),
                    PodVariable.Of("OP_SIGNER_RPC_PORT", $"{NetworkEdges.SignerPort}"),
                    PodVariable.Of("OP_SIGNER_METRICS_ENABLED", "true"),
                    PodVariable.Of("OP_SIGNER_METRICS_PORT", $"{ConsensusPorts.Metrics}"),
                    .. Certificate("OP_SIGNER_TLS"),
                ],
                SecretFolders = [new(SecretCatalog.SignerServer, TlsFolder)],
            },
            new ComponentResourceOptions { Parent = this }).Pods;
        RegisterOutputs();
    }

    /// <summary>The signer; it is there once it answers.</summary>
    internal Resource Pods { get; }

    /// <summary>The variables that name a certificate's files.</summary>
    internal static Pulumi.Kubernetes.Types.Inputs.Core.V1.EnvVarArgs[] Certificate(string prefix) =>
    [
        PodVariable.Of($"{prefix}_CA", $"{TlsFolder}/ca.crt"),
        PodVariable.Of($"{prefix}_CERT", $"{TlsFolder}/tls.crt"),
        PodVariable.Of($"{prefix}_KEY", $"{TlsFolder}/tls.key"),
    ];

    private static JsonObject Clients(OpSignerArgs args, string batcherKey, string proposerKey)
    {
        JsonArray clients = [];
        if (args.Cluster.Bundle is { } bundle)
        {
            ChainCluster cluster = args.Cluster;
            clients.Add(Client(cluster.Plan(WorkloadNames.Batcher), batcherKey, bundle, bundle.Batcher, bundle.BatchInbox, System.Numerics.BigInteger.Zero));
            clients.Add(Client(cluster.Plan(WorkloadNames.Proposer), proposerKey, bundle, bundle.Proposer, bundle.DisputeGameFactory, args.ProposerBond));
        }

        return new JsonObject { ["provider"] = args.Cluster.Cloud.ToString().ToUpperInvariant(), ["auth"] = clients };
    }

    private static JsonNode Client(WorkloadPlan client, string key, RollupBundle bundle, Address from, Address to, System.Numerics.BigInteger value) => new JsonObject
    {
        ["name"] = WorkloadNames.HostOf(client),
        ["key"] = key,
        ["chainID"] = bundle.L1ChainId.Value,
        ["fromAddress"] = from.ToString(),
        ["toAddresses"] = new JsonArray(to.ToString()),
        ["maxValue"] = value.IsZero ? "0x0" : $"0x{value.ToString("x", System.Globalization.CultureInfo.InvariantCulture).TrimStart('0')}",
    };
}
