using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>
/// The entry of leased services: the one place where ports of stores may face the internet, because what answers there is a lease, by TLS and with a password of its own, and never a store of the network's. It is known
/// by what it does, not by its name.
/// </summary>
internal static class LeaseEntrances
{
    private const string LoadBalancer = "aws:lb/loadBalancer:LoadBalancer";

    /// <summary>Whether a load balancer is one: it passes connections on as they are, and its own firewall opens ports of leases alone.</summary>
    public static bool IsEntrance(PlanUnderReview plan, PlannedResource balancer)
    {
        PlannedResource[] groups = [.. balancer.Sources("securityGroups").Select(plan.Find).OfType<PlannedResource>()];
        return balancer.Type == LoadBalancer && balancer.Text("loadBalancerType") == "network" && groups.Length > 0 && groups.All(OpensLeasePortsAlone);
    }

    /// <summary>Whether a firewall belongs to one, and to nothing else.</summary>
    public static bool IsFirewall(PlanUnderReview plan, PlannedResource firewall)
    {
        PlannedResource[] guarded = [.. plan.Resources.Where(resource => resource.Type != firewall.Type && (resource.Sources("securityGroups").Contains(firewall.Urn) || resource.Sources("vpcSecurityGroupIds").Contains(firewall.Urn)))];
        return guarded.Length > 0 && guarded.All(resource => IsEntrance(plan, resource));
    }

    /// <summary>Whether a service of a cluster is one: it leads to the gateway of the leases, on ports of leases alone.</summary>
    public static bool IsService(PlannedResource service) =>
        service.Text("spec.type") == "LoadBalancer"
        && service.Value("spec.selector") is PropertyMap { Count: 1 } selector
        && selector["app.kubernetes.io/name"].AsText() == WorkloadNames.LeaseGateway
        && service.Each("spec.ports.port").Select(port => port.AsText()).ToList() is { Count: > 0 } ports
        && ports.All(port => int.TryParse(port, System.Globalization.CultureInfo.InvariantCulture, out int number) && LeaseAccess.Ports.Contains(number));

    private static bool OpensLeasePortsAlone(PlannedResource firewall) =>
        FirewallOpening.Of(firewall).ToList() is { Count: > 0 } openings && openings.All(opening => opening.From == opening.To && LeaseAccess.Ports.Contains(opening.From));
}
