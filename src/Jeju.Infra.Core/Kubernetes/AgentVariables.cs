namespace Jeju.Infra.Core;

/// <summary>
/// How a provider node's agent is told in a pod what it needs to know: environment variables, and two files. The pod's declaration and the agent's own reader both take the names from here; a test reads a
/// planned pod with the agent's reader.
/// </summary>
public static class AgentVariables
{
    /// <summary>The environment: a stack's name.</summary>
    public const string Network = "NETWORK";

    /// <summary>The port that answers <c>/health</c>.</summary>
    public const string Port = "PORT";

    /// <summary>The port that serves figures and status.</summary>
    public const string MetricsPort = "METRICS_PORT";

    /// <summary>The JSON-RPC endpoint of the settlement chain.</summary>
    public const string ChainEndpoint = "CHAIN_ENDPOINT";

    /// <summary>The settlement chain's id, decimal.</summary>
    public const string ChainId = "CHAIN_ID";

    /// <summary>The name of the compute backend.</summary>
    public const string Backend = "BACKEND";

    /// <summary>The namespace of the customers' workloads.</summary>
    public const string TenantNamespace = "TENANT_NAMESPACE";

    /// <summary>The storage class of their volumes.</summary>
    public const string StorageClass = "STORAGE_CLASS";

    /// <summary>The domain below which consumers reach their leases.</summary>
    public const string LeaseDomain = "LEASE_DOMAIN";

    /// <summary>The folder that outlives the pod.</summary>
    public const string StateFolder = "STATE_FOLDER";

    /// <summary>The file with the agent's private key in hexadecimal.</summary>
    public const string KeyFile = "AGENT_KEY_FILE";

    /// <summary>The file that says which provider node the agent serves; while there is none, it serves nobody and is well.</summary>
    public const string NodeFile = "NODE_FILE";

    /// <summary>The file with the digests of the workloads' images.</summary>
    public const string ImageLockFile = "IMAGE_LOCK_FILE";

    /// <summary>All of them: a pod declares each, and no other.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Network, Port, MetricsPort, ChainEndpoint, ChainId, Backend, TenantNamespace, StorageClass, LeaseDomain, StateFolder, KeyFile, NodeFile, ImageLockFile,
    ];
}

/// <summary>The file of <see cref="AgentVariables.NodeFile"/>: which provider node an agent serves, and the contracts that it serves it on.</summary>
public static class AgentNodeFile
{
    /// <summary>The file's name, in a config map and in the folder where that is mounted.</summary>
    public const string Name = "node.json";

    /// <summary>The node's id: <c>bytes32</c> in hexadecimal.</summary>
    public const string NodeId = "nodeId";

    /// <summary>The address of the contract ExternalChainProvider.</summary>
    public const string ExternalChainProvider = "externalChainProvider";

    /// <summary>The address of the contract DWSProviderRegistry.</summary>
    public const string ProviderRegistry = "providerRegistry";
}
