using System.Globalization;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What the cluster knows of the chain.</summary>
public sealed class RollupConfigurationArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }
}

/// <summary>
/// The rollup bundle as one object of the cluster, from which every program of the chain reads: none of them is given a hash, an address or a configuration of its own.
/// Without a bundle the object is not declared, and no pod that needs it starts.
/// </summary>
public sealed class RollupConfiguration : ComponentResource
{
    /// <summary>The name of the object.</summary>
    internal const string ConfigMapName = "rollup-bundle";

    /// <summary>The folder in which pods find it.</summary>
    internal const string Folder = "/rollup";

    /// <summary>The rollup configuration's file.</summary>
    internal const string RollupFile = "rollup.json";

    /// <summary>The file with the SHA-256 that the genesis file must have.</summary>
    internal const string GenesisSumFile = "genesis.sha256";

    /// <summary>The entry with the batcher's account.</summary>
    internal const string BatcherEntry = "batcher";

    /// <summary>The entry with the proposer's account.</summary>
    internal const string ProposerEntry = "proposer";

    /// <summary>The entry with the address of the factory of dispute games.</summary>
    internal const string FactoryEntry = "dispute-game-factory";

    /// <summary>Declares the object.</summary>
    public RollupConfiguration(string name, RollupConfigurationArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:RollupConfiguration", name, args, options)
    {
        if (args.Cluster.Bundle is { } bundle)
        {
            _ = new ConfigMap(
                name,
                new ConfigMapArgs
                {
                    Metadata = new ObjectMetaArgs { Name = ConfigMapName, Namespace = ClusterNamespaces.OpStack, Labels = { ["app.kubernetes.io/part-of"] = "jeju" } },
                    Data =
                    {
                        [RollupFile] = bundle.RollupJson,
                        [GenesisSumFile] = $"{bundle.GenesisSha256}  genesis.json\n",
                        ["genesis-hash"] = bundle.GenesisHash.ToString(),
                        ["block-time"] = bundle.BlockTime.ToString(CultureInfo.InvariantCulture),
                        [BatcherEntry] = bundle.Batcher.ToString(),
                        [ProposerEntry] = bundle.Proposer.ToString(),
                        [FactoryEntry] = bundle.DisputeGameFactory.ToString(),
                    },
                },
                new CustomResourceOptions { Parent = this, DependsOn = args.Cluster.Platform.Select(resource => (Input<Resource>)resource).ToArray() });
        }

        RegisterOutputs();
    }
}
