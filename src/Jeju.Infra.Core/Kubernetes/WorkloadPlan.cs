using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Core;

/// <summary>What keeps the pods of a workload running.</summary>
public enum WorkloadKind
{
    /// <summary>Pods with a name of their own, and most of them with a volume.</summary>
    StatefulSet,

    /// <summary>Pods that are all alike.</summary>
    Deployment,

    /// <summary>One pod that runs to its end.</summary>
    Job,
}

/// <summary>What travels to a port.</summary>
public enum TransportProtocol
{
    /// <summary>A stream.</summary>
    Tcp,

    /// <summary>Datagrams.</summary>
    Udp,
}

/// <summary>A port that the pods of a workload listen on.</summary>
/// <param name="Name">What it is for, at most 15 letters, for example <c>engine</c>.</param>
/// <param name="Number">The port, 1024 to 65535: nothing runs with the privilege to take a lower one.</param>
/// <param name="Protocol">What travels to it.</param>
/// <param name="IsPerPod">Whether it is asked of one pod only: the address that all pods of a workload share does not have it.</param>
public sealed record WorkloadPort(string Name, int Number, TransportProtocol Protocol = TransportProtocol.Tcp, bool IsPerPod = false);

/// <summary>How a pod is asked how it is. Readiness, liveness and start-up ask the same question with different patience.</summary>
/// <param name="Port">The name of the port to ask.</param>
/// <param name="Path">The path that answers 200 when the service itself is well, whatever its upstreams do; a connection is enough where absent.</param>
/// <param name="StartDeadline">How long a start may take before it counts as failed.</param>
/// <param name="IsTls">Whether the port speaks TLS.</param>
/// <param name="LivePath">The path for liveness and start-up, where a service that is well may yet have to wait for an upstream before it is ready: to be started again would not help it. <paramref name="Path"/> where absent.</param>
public sealed record WorkloadHealth(string Port, string? Path, TimeSpan StartDeadline, bool IsTls = false, string? LivePath = null);

/// <summary>What one pod asks for. Memory is requested in full, so that no neighbour can take it; processor time may rise to the limit.</summary>
/// <param name="Millicores">Processor time asked for, in thousandths of a core.</param>
/// <param name="MemoryMebibytes">Memory asked for and at most, in MiB.</param>
public sealed record WorkloadResources(int Millicores, int MemoryMebibytes)
{
    /// <summary>The most processor time a pod may take, in thousandths of a core: twice what it asks for.</summary>
    public int MillicoresLimit => Millicores * 2;
}

/// <summary>The volume that each replica has for itself.</summary>
/// <param name="Gigabytes">Its first size in GiB; it can be grown.</param>
/// <param name="MountPath">Where the pod finds it.</param>
public sealed record WorkloadVolume(int Gigabytes, string MountPath = WorkloadTemplate.DataPath);

/// <summary>How the number of replicas follows the load.</summary>
/// <param name="Maximum">Most replicas.</param>
/// <param name="ProcessorPercent">The share of the requested processor time that is aimed at, 1 to 100.</param>
public sealed record WorkloadScaling(int Maximum, int ProcessorPercent);

/// <summary>Everything about a workload that is decided before a cluster is there. Its network edges are the rows of <see cref="NetworkEdges"/>.</summary>
public sealed record WorkloadPlan
{
    /// <summary>The port on which the network's own programs serve their figures to Prometheus; nothing outside the cluster reaches it.</summary>
    public const int MetricsPort = 9464;

    /// <summary>How many pods of a workload may be down at a time for the sake of its node's maintenance.</summary>
    public const int MaximumUnavailable = 1;

    /// <summary>The workload's name, also of its service account and the stem of its services' names; one of <see cref="WorkloadNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The service that it is a part of, as <see cref="ClusterNamespaces"/> knows it.</summary>
    public required string Service { get; init; }

    /// <summary>What keeps its pods running.</summary>
    public required WorkloadKind Kind { get; init; }

    /// <summary>How many pods; the fewest where <see cref="Scaling"/> says so.</summary>
    public required int Replicas { get; init; }

    /// <summary>Whether the old pod is gone before the new one comes: for those of which two at a time do damage.</summary>
    public bool IsReplacedAtOnce { get; init; }

    /// <summary>The ports; none of a job.</summary>
    public IReadOnlyList<WorkloadPort> Ports { get; init; } = [];

    /// <summary>The name of the port that Prometheus reads; <see langword="null"/> of a job alone.</summary>
    public string? FiguresPort { get; init; }

    /// <summary>The path that Prometheus reads.</summary>
    public string FiguresPath { get; init; } = "/metrics";

    /// <summary>How its pods are asked how they are; <see langword="null"/> of a job alone.</summary>
    public WorkloadHealth? Health { get; init; }

    /// <summary>What each pod asks for.</summary>
    public required WorkloadResources Resources { get; init; }

    /// <summary>The group of nodes that its pods run on.</summary>
    public required NodeGroup Nodes { get; init; }

    /// <summary>The volume of each replica, if it keeps anything.</summary>
    public WorkloadVolume? Volume { get; init; }

    /// <summary>The secrets that its pods read, and no others.</summary>
    public IReadOnlyList<ClusterSecret> Secrets { get; init; } = [];

    /// <summary>How the number of replicas follows the load, where it does.</summary>
    public WorkloadScaling? Scaling { get; init; }

    /// <summary>Whether its pods talk to the Kubernetes API; only then is their token mounted.</summary>
    public bool UsesKubernetes { get; init; }

    /// <summary>How long a pod may take to stop before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether all pods are reached under one address: all but those of which a client wants a certain one.</summary>
    public bool HasSharedAddress => Kind == WorkloadKind.Deployment || (Kind == WorkloadKind.StatefulSet && Name == Service);

    /// <summary>Whether its pods start only once the rollup bundle is there.</summary>
    public bool NeedsBundle => Service is WorkloadNames.Execution or WorkloadNames.Consensus or WorkloadNames.Batcher or WorkloadNames.Proposer;

    /// <summary>The namespace.</summary>
    public string Namespace => ClusterNamespaces.OfService(Service);

    /// <summary>A port by its name.</summary>
    /// <exception cref="InvalidOperationException">The workload has no such port.</exception>
    public int PortOf(string name) => Ports.Single(port => port.Name == name).Number;
}
