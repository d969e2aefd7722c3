using Jeju.Infra.Engine.Plans;

namespace Jeju.Infra.Policy.Rules;

/// <summary>Nobody logs in to a machine or reaches a store, an engine port or a profiler from outside.</summary>
internal sealed class AdministrationPorts() : PolicyRule(903, "no administration port open")
{
    private static readonly SortedDictionary<int, string> Ports = new()
    {
        [22] = "SSH", [2375] = "Docker", [2376] = "Docker", [2379] = "etcd", [2380] = "etcd", [3306] = "MySQL", [3389] = "RDP", [5432] = "PostgreSQL", [6060] = "the profiler",
        [6379] = "Redis", [8551] = "the engine port", [9200] = "Elasticsearch", [10250] = "the kubelet", [27017] = "MongoDB",
    };

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        foreach (var resource in plan.Resources)
        {
            foreach (var opening in FirewallOpening.Of(resource).Where(opening => AddressRanges.IsPublic(opening.Range) && !LeaseEntrances.IsFirewall(plan, resource)))
            {
                foreach (var (port, name) in Ports.Where(port => opening.Opens(port.Key)))
                {
                    yield return Refuse(
                        resource, FormattableString.Invariant($"Port {port} ({name}) is open to {opening.Range}."),
                        port is 22 or 3389 ? "Take it off; use Session Manager or Identity-Aware Proxy, which need no open port." : "Name the security group or the private range that needs the port.");
                }
            }

            if (resource.Type == "aws:eks/nodeGroup:NodeGroup" && resource.Has("remoteAccess"))
            {
                yield return Refuse(resource, "The nodes take SSH logins: remoteAccess is set.", "Take it off; use Session Manager.");
            }

            if (resource.Type is "aws:ec2/launchTemplate:LaunchTemplate" or "aws:ec2/instance:Instance" && resource.Has("keyName"))
            {
                yield return Refuse(resource, "The machines take SSH logins: keyName is set.", "Take it off; use Session Manager.");
            }
        }
    }
}
