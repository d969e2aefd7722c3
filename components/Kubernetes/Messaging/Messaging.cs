using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about messaging.</summary>
public sealed class MessagingArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The relay's image.</summary>
    [Input("relayImage", required: true)]
    public Input<string> RelayImage { get; set; } = null!;

    /// <summary>The key service's image.</summary>
    [Input("kmsImage", required: true)]
    public Input<string> KmsImage { get; set; } = null!;
}

/// <summary>Messaging: relays that anybody reaches through the edge, and a key service that only the relays reach and that itself reaches nobody. Both read their keys from files.</summary>
public sealed class Messaging : ComponentResource
{
    private const string KeyFolder = "/secrets/keys";

    private readonly string _name;
    private readonly ChainCluster _cluster;

    /// <summary>Declares relay and key service.</summary>
    public Messaging(string name, MessagingArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:Messaging", name, args, options)
    {
        _name = name;
        _cluster = args.Cluster;
        Resource kms = Declare(WorkloadNames.MessagingKms, args.KmsImage, SecretCatalog.KmsKeys, [], []);
        Declare(
            WorkloadNames.MessagingRelay,
            args.RelayImage,
            SecretCatalog.RelayKeys,
            [
                PodVariable.Of("KMS_URL", OwnProgram.Of(_cluster, WorkloadNames.MessagingKms)),
                PodVariable.Of("PEER_PORT", $"{_cluster.Plan(WorkloadNames.MessagingRelay).PortOf("peers")}"),
            ],
            [kms]);
        RegisterOutputs();
    }

    private Resource Declare(
        string workload,
        Input<string> image,
        ClusterSecret keys,
        IEnumerable<Pulumi.Kubernetes.Types.Inputs.Core.V1.EnvVarArgs> variables,
        IReadOnlyList<Resource> after)
    {
        WorkloadPlan plan = _cluster.Plan(workload);
        return new ChainWorkload(
            $"{_name}-{workload}",
            new ChainWorkloadArgs
            {
                Cluster = _cluster,
                Plan = plan,
                Image = image,
                Variables = [.. OwnProgram.Variables(_cluster, plan), PodVariable.Of("KEY_FOLDER", KeyFolder), .. variables],
                SecretFolders = [new(keys, KeyFolder)],
                After = after,
            },
            new ComponentResourceOptions { Parent = this }).Pods;
    }
}
