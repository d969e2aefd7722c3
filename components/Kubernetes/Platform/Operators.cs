using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Helm.V3;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Helm.V3;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What the operators of a cluster work with.</summary>
public sealed class OperatorsArgs : ResourceArgs
{
    /// <summary>The cloud.</summary>
    public required CloudName Cloud { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>Whether what can be doubled is doubled.</summary>
    public required bool IsMainnet { get; init; }

    /// <summary>The cluster's name.</summary>
    [Input("clusterName", required: true)]
    public Input<string> ClusterName { get; set; } = null!;

    /// <summary>The namespaces that they are installed in.</summary>
    public required Namespaces Namespaces { get; init; }

    /// <summary>What else must be there before any of them: nodes, storage, and their rights in the cloud.</summary>
    public required IReadOnlyList<Resource> After { get; init; }

    /// <summary>Addresses from which the API server calls webhooks.</summary>
    public required CidrBlock ControlPlaneAddresses { get; init; }

    /// <summary>Addresses of the nodes.</summary>
    public required CidrBlock NodeAddresses { get; init; }

    /// <summary>The private zones of the internal endpoints: name and id.</summary>
    public required IReadOnlyDictionary<string, Output<string>> InternalZones { get; init; }

    /// <summary>The version of Kubernetes; needed on AWS.</summary>
    public string KubernetesVersion { get; init; } = "";

    /// <summary>The network's id; needed on AWS.</summary>
    [Input("vpcId")]
    public Input<string>? VpcId { get; set; }

    /// <summary>The managed Prometheus, an address that ends with a slash; needed on AWS.</summary>
    [Input("metricsEndpoint")]
    public Input<string>? MetricsEndpoint { get; set; }

    /// <summary>Where alerts go; needed on AWS.</summary>
    [Input("alarmTopic")]
    public Input<string>? AlarmTopic { get; set; }

    /// <summary>The project; needed on Google Cloud.</summary>
    public string Project { get; init; } = "";

    /// <summary>Who each operator is, by service account; needed on Google Cloud.</summary>
    public IReadOnlyDictionary<string, Output<string>> Accounts { get; init; } = new Dictionary<string, Output<string>>();
}

/// <summary>
/// The operators of a cluster, each a pinned chart in a namespace of its own: first the definitions that the others' monitors need, then the rest side by side. Each
/// waits for its namespace, its network policy and its rights in the cloud.
/// </summary>
public sealed class Operators : ComponentResource
{
    private const int DeadlineSeconds = 900;

    private readonly string _name;
    private readonly OperatorsArgs _args;
    private readonly OperatorFacts _facts;
    private readonly Dictionary<string, NetworkPolicy> _edges;

    /// <summary>Declares the operators.</summary>
    public Operators(string name, OperatorsArgs args, ComponentResourceOptions? options = null)
        : base("jeju:kubernetes:Operators", name, args, options)
    {
        _name = name;
        _args = args;
        _facts = FactsOf(args);
        _edges = OperatorEdges.Of(args.Cloud).ToDictionary(edge => edge.Namespace, edge => edge.Declare(
            name,
            args.Cloud,
            args.ControlPlaneAddresses,
            args.NodeAddresses,
            new CustomResourceOptions { Parent = this, DependsOn = { args.Namespaces.ByName[edge.Namespace] } }));
        IReadOnlyList<ClusterChart> charts = ClusterCharts.Of(args.Cloud);
        Release definitions = Install(charts[0]);
        Dictionary<string, Release> releases = new() { [charts[0].Name] = definitions };
        foreach (ClusterChart chart in charts.Skip(1))
        {
            releases[chart.Name] = Install(chart, definitions);
        }

        Releases = releases;
        RegisterOutputs();
    }

    /// <summary>The release of each chart, by the chart's name: what declares an operator's objects waits for it.</summary>
    public IReadOnlyDictionary<string, Release> Releases { get; }

    private Release Install(ClusterChart chart, params Resource[] after) => new(
        $"{_name}-{chart.Name}",
        new ReleaseArgs
        {
            Name = chart.Name,
            Chart = chart.Name,
            Version = chart.Version,
            RepositoryOpts = new RepositoryOptsArgs { Repo = chart.Repository },
            Namespace = chart.Namespace,
            Description = chart.Purpose,
            Values = ChartValues.Of(chart, _facts),

            // A release that fails is taken back, so that the next run starts from what worked.
            Atomic = true,
            CleanupOnFail = true,
            CreateNamespace = false,
            MaxHistory = 5,
            Timeout = DeadlineSeconds,
        },
        new CustomResourceOptions
        {
            Parent = this,
            DependsOn = ((Resource[])[.. after, .. _args.After, .. NamespacesOf(chart), _edges[chart.Namespace]])
                .Select(resource => (Input<Resource>)resource)
                .ToArray(),
        });

    /// <summary>The monitoring chart has a part in a second namespace.</summary>
    private IEnumerable<Resource> NamespacesOf(ClusterChart chart) => chart == ClusterCharts.Monitoring
        ? [_args.Namespaces.ByName[chart.Namespace], _args.Namespaces.ByName[ClusterNamespaces.NodeMetrics]]
        : [_args.Namespaces.ByName[chart.Namespace]];

    private static OperatorFacts FactsOf(OperatorsArgs args) => new(args.Cloud, args.Region, args.ClusterName.ToOutput(), args.IsMainnet)
    {
        Project = args.Project,
        KubernetesVersion = args.KubernetesVersion,
        VpcId = args.VpcId?.ToOutput() ?? (object)"",
        MetricsEndpoint = args.MetricsEndpoint?.ToOutput().Apply(endpoint => $"{endpoint}api/v1/remote_write") ?? (object)"",
        AlarmTopic = args.AlarmTopic?.ToOutput() ?? (object)"",
        InternalZones = args.InternalZones.ToDictionary(pair => pair.Key, pair => (object)pair.Value),
        Accounts = args.Accounts.ToDictionary(pair => pair.Key, pair => (object)pair.Value),
    };
}
