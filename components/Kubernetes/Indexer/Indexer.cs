using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What a stack decides about the indexer.</summary>
public sealed class IndexerArgs : ResourceArgs
{
    /// <summary>The cluster's services.</summary>
    public required ChainCluster Cluster { get; init; }

    /// <summary>The image, which holds migrations, processor and API.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>Where the database takes writes.</summary>
    [Input("databaseHost", required: true)]
    public Input<string> DatabaseHost { get; set; } = null!;

    /// <summary>Where the database is read: its replica, if it has one.</summary>
    [Input("databaseReadHost", required: true)]
    public Input<string> DatabaseReadHost { get; set; } = null!;
}

/// <summary>
/// The indexer: a job that brings its tables to the newest form, then one processor that writes them (two would write everything twice), and the API that answers from them.
/// </summary>
public sealed class Indexer : ComponentResource
{
    private readonly string _name;
    private readonly IndexerArgs _args;

    /// <summary>Declares the indexer.</summary>
    public Indexer(string name, IndexerArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:Indexer", name, args, options)
    {
        _name = name;
        _args = args;
        Resource migrations = Declare(WorkloadNames.IndexerMigrations, "migrate", args.DatabaseHost, []);
        Declare(WorkloadNames.IndexerProcessor, "process", args.DatabaseHost, [migrations]);
        Declare(WorkloadNames.Indexer, "serve", args.DatabaseReadHost, [migrations]);
        RegisterOutputs();
    }

    private Resource Declare(string workload, string part, Input<string> database, IReadOnlyList<Resource> after)
    {
        WorkloadPlan plan = _args.Cluster.Plan(workload);
        return new ChainWorkload(
            $"{_name}-{part}",
            new ChainWorkloadArgs
            {
                Cluster = _args.Cluster,
                Plan = plan,
                Image = _args.Image,
                Arguments = [part],
                Variables =
                [
                    .. PodDatabase.Variables(database, SecretCatalog.IndexerDatabase),
                    .. plan.Kind == WorkloadKind.Job ? [] : OwnProgram.Variables(_args.Cluster, plan),
                    .. workload == WorkloadNames.IndexerProcessor ? [PodVariable.Of("RPC_URL", OwnProgram.Rpc(_args.Cluster))] : Array.Empty<Pulumi.Kubernetes.Types.Inputs.Core.V1.EnvVarArgs>(),
                ],
                SecretFolders = [PodDatabase.Folder(SecretCatalog.IndexerDatabase)],
                After = after,
            },
            new ComponentResourceOptions { Parent = this }).Pods;
    }
}
