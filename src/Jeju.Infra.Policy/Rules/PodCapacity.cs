using System.Globalization;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>
/// Every pod has a node: it fits on one of its group, and all of the group fit on as many nodes as the group may grow to, at the most that autoscalers may ask for. What does not would be
/// declared, and wait for ever.
/// </summary>
internal sealed class PodCapacity() : PolicyRule(915, "a node for every pod")
{
    /// <summary>What the cloud's own components ask for beside what every node runs: names, volumes, metrics.</summary>
    private static readonly NodeRoom CloudComponents = new(500, 1024);

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        foreach (PlannedResource provider in plan.OfType("pulumi:providers:kubernetes"))
        {
            // What is behind the configuration is the cluster, and whoever else has to do with it has nodes.
            Dictionary<string, PlannedNodes> groups = provider.Dependencies
                .SelectMany(cluster => plan.Resources.Where(resource => resource.Dependencies.Contains(cluster)))
                .Select(PlannedNodes.Of).OfType<PlannedNodes>()
                .DistinctBy(group => group.Resource.Urn)
                .ToDictionary(group => group.Label, StringComparer.Ordinal);
            PlannedResource[] objects = [.. plan.Resources.Where(resource => resource.Provider == provider.Urn)];
            foreach (PolicyFinding finding in groups.Values.SelectMany(group => JudgeGroup(group, objects)))
            {
                yield return finding;
            }
        }
    }

    private IEnumerable<PolicyFinding> JudgeGroup(PlannedNodes group, PlannedResource[] objects)
    {
        if (group.Room is not { } room)
        {
            yield return Refuse(group.Resource, $"The size of '{group.MachineType}' is not known.", "Name a machine type of the usual families, or teach MachineSize its name.");
            yield break;
        }

        PodRequest[] pods = [.. PodRequest.OfGroup(group.Label, objects)];
        foreach (PodRequest pod in pods.Where(pod => !pod.FitsOn(room)))
        {
            yield return Refuse(
                pod.Resource, string.Create(CultureInfo.InvariantCulture, $"Its pods ask for {pod.Millicores}m and {pod.Mebibytes} Mi; a node of '{group.Label}' ({group.MachineType}) has {room.Millicores}m and {room.Mebibytes} Mi for pods."),
                "Name a larger machine type for the group, or let the pods ask for less.");
        }

        if (pods.All(pod => pod.FitsOn(room)) && NodesFor(pods, room, group.Label == NodeGroups.General ? CloudComponents : default) is var needed && needed > group.Maximum)
        {
            yield return Refuse(
                group.Resource, string.Create(CultureInfo.InvariantCulture, $"All pods of '{group.Label}' need {needed} nodes of {group.MachineType}; the group grows to {group.Maximum}."),
                "Raise the group's maximum or name a larger machine type, or plan fewer replicas.");
        }
    }

    /// <summary>How many nodes there must be when the largest pods are placed first, each on the first node with room.</summary>
    private static int NodesFor(PodRequest[] pods, NodeRoom room, NodeRoom taken)
    {
        List<NodeRoom> nodes = [new(room.Millicores - taken.Millicores, room.Mebibytes - taken.Mebibytes)];
        foreach (PodRequest pod in pods.OrderByDescending(pod => Math.Max((double)pod.Millicores / room.Millicores, (double)pod.Mebibytes / room.Mebibytes)))
        {
            for (int replica = 0; replica < pod.Count; replica++)
            {
                int place = nodes.FindIndex(pod.FitsOn);
                if (place < 0)
                {
                    place = nodes.Count;
                    nodes.Add(room);
                }

                nodes[place] = new NodeRoom(nodes[place].Millicores - pod.Millicores, nodes[place].Mebibytes - pod.Mebibytes);
            }
        }

        return nodes.Count;
    }

    /// <summary>A group of nodes as it is planned.</summary>
    private sealed record PlannedNodes(PlannedResource Resource, string Label, string MachineType, int Maximum, NodeRoom? Room)
    {
        public static PlannedNodes? Of(PlannedResource resource) => resource.Type switch
        {
            "aws:eks/nodeGroup:NodeGroup" => Of(resource, CloudName.Aws, "labels.workload", "instanceTypes", "scalingConfig.maxSize"),
            "gcp:container/nodePool:NodePool" => Of(resource, CloudName.Gcp, "nodeConfig.labels.workload", "nodeConfig.machineType", "autoscaling.totalMaxNodeCount"),
            _ => null,
        };

        private static PlannedNodes Of(PlannedResource resource, CloudName cloud, string label, string machine, string maximum)
        {
            string machineType = resource.Text(machine) ?? "";
            return new PlannedNodes(resource, resource.Text(label) ?? resource.Urn, machineType, (int)(resource.Number(maximum) ?? 0), MachineSize.Find(cloud, machineType)?.Room);
        }
    }
}
