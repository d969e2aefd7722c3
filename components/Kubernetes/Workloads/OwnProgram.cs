using Jeju.Infra.Core;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>What all of the network's own programs are told in the same way.</summary>
internal static class OwnProgram
{
    /// <summary>Where it listens, where its figures are, and which network it is on.</summary>
    public static IEnumerable<EnvVarArgs> Variables(ChainCluster cluster, WorkloadPlan plan) =>
    [
        PodVariable.Of(AgentVariables.Network, cluster.Profile.StackName),
        PodVariable.Of(AgentVariables.Port, $"{plan.PortOf("http")}"),
        PodVariable.Of(AgentVariables.MetricsPort, $"{WorkloadPlan.MetricsPort}"),
    ];

    /// <summary>The JSON-RPC of the chain.</summary>
    public static string Rpc(ChainCluster cluster) => $"http://{WorkloadNames.HostOf(cluster.Plan(WorkloadNames.Execution))}:{ExecutionPorts.Rpc}";

    /// <summary>The first port of another of the network's own programs.</summary>
    public static string Of(ChainCluster cluster, string workload) =>
        $"http://{WorkloadNames.HostOf(cluster.Plan(workload))}:{cluster.Plan(workload).PortOf("http")}";
}
