namespace Jeju.Infra.Core;

/// <summary>How the gateway of the leases is told in a pod what it needs to know. The pod's declaration and the gateway's own reader both take the names from here.</summary>
public static class LeaseGatewayVariables
{
    /// <summary>All of them: a pod declares each, and no other.</summary>
    public static IReadOnlyList<string> All { get; } = [AgentVariables.Network, AgentVariables.Port, AgentVariables.MetricsPort, AgentVariables.TenantNamespace, AgentVariables.LeaseDomain];
}
