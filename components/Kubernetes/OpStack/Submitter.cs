using Jeju.Infra.Core;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What batcher and proposer have in common: both read the sequencer and send transactions to Ethereum that op-signer signs.</summary>
internal static class Submitter
{
    /// <summary>Where the client's certificate lies.</summary>
    public const string TlsFolder = "/tls";

    public static IEnumerable<EnvVarArgs> Variables(string prefix, ChainCluster cluster, string accountEntry) =>
    [
        PodVariable.Secret($"{prefix}_L1_ETH_RPC", SecretCatalog.L1Endpoints, "rpc"),
        PodVariable.Of($"{prefix}_ROLLUP_RPC", $"http://{WorkloadNames.HostOf(cluster.Plan(WorkloadNames.ConsensusSequencer), 0)}:{ConsensusPorts.Rpc}"),
        PodVariable.Of($"{prefix}_SIGNER_ENDPOINT", $"https://{WorkloadNames.HostOf(cluster.Plan(WorkloadNames.Signer))}:{NetworkEdges.SignerPort}"),
        PodVariable.Entry($"{prefix}_SIGNER_ADDRESS", RollupConfiguration.ConfigMapName, accountEntry),
        .. OpSigner.Certificate($"{prefix}_SIGNER_TLS"),
        PodVariable.Of($"{prefix}_NUM_CONFIRMATIONS", "10"),

        // Its own administration is reachable from the pod alone.
        PodVariable.Of($"{prefix}_RPC_ADDR", "127.0.0.1"),
        PodVariable.Of($"{prefix}_METRICS_ENABLED", "true"),
        PodVariable.Of($"{prefix}_METRICS_PORT", $"{ConsensusPorts.Metrics}"),
        PodVariable.Of($"{prefix}_LOG_FORMAT", "json"),
    ];
}
