namespace Jeju.Infra.Cli.Deployments;

/// <summary>The phases of a deployment, in their order: each needs what the ones before it have made.</summary>
internal enum DeploymentPhase
{
    /// <summary>Networks, clusters, databases, keys, names: what is on Amazon Web Services and Google Cloud.</summary>
    Cloud,

    /// <summary>What every workload of a cluster needs: namespaces, operators, secrets, storage classes.</summary>
    Platform,

    /// <summary>The services of the chain on the clusters.</summary>
    ChainServices,

    /// <summary>The contracts on the settlement chain.</summary>
    Contracts,

    /// <summary>The network's own provider node, and the services ordered from the marketplace.</summary>
    Marketplace,

    /// <summary>What has left the program since it was deployed: it goes last, when nothing that is there uses it any more.</summary>
    Removal,
}
