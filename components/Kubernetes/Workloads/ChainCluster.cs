using Jeju.Infra.Core;
using Pulumi;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What the chain services of one cluster have in common: where they run, which of them there are, and who may talk to whom.</summary>
public sealed class ChainCluster
{
    /// <summary>Plans the services of a cluster.</summary>
    /// <param name="profile">The network.</param>
    /// <param name="cloud">The cloud.</param>
    /// <param name="groups">The cluster's node groups.</param>
    /// <param name="sequences">Whether this is the network's one cluster that builds the chain.</param>
    /// <param name="sizes">How many pods and how large volumes the services have.</param>
    /// <param name="endpoints">The stack's endpoints on this cloud.</param>
    public ChainCluster(NetworkProfile profile, CloudName cloud, IReadOnlyList<NodeGroup> groups, bool sequences, WorkloadSizes sizes, EndpointTable endpoints)
    {
        Profile = profile;
        Cloud = cloud;
        Sequences = sequences;
        Workloads = WorkloadPlans.For(profile.Name, groups, sequences, sizes);
        Edges = NetworkEdges.Of(Workloads, endpoints);
        Parties = PartyAddresses.For(profile, cloud);
        LeaseDomain = LeaseAccess.DomainIn(endpoints.Zone);
    }

    /// <summary>The network.</summary>
    public NetworkProfile Profile { get; }

    /// <summary>The cloud.</summary>
    public CloudName Cloud { get; }

    /// <summary>Whether this is the network's one cluster that builds the chain.</summary>
    public bool Sequences { get; }

    /// <summary>The workloads.</summary>
    public IReadOnlyList<WorkloadPlan> Workloads { get; }

    /// <summary>Who may talk to whom.</summary>
    public IReadOnlyList<NetworkEdge> Edges { get; }

    /// <summary>Where the parties are that are no pods.</summary>
    public PartyAddresses Parties { get; }

    /// <summary>The domain below which consumers reach the leases of this cluster.</summary>
    public string LeaseDomain { get; }

    /// <summary>The checked rollup bundle. Without it everything is declared, and the pods that need it start only once it is there.</summary>
    public RollupBundle? Bundle { get; init; }

    /// <summary>What must be there before any object of the services: the namespaces, and the operators whose kinds they use.</summary>
    public IReadOnlyList<Resource> Platform { get; init; } = [];

    /// <summary>A workload of the cluster.</summary>
    /// <param name="name">One of <see cref="WorkloadNames"/>.</param>
    /// <exception cref="InvalidOperationException">The cluster does not have it.</exception>
    public WorkloadPlan Plan(string name) => Workloads.Single(workload => workload.Name == name);
}
