using System.Globalization;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>What equal pods ask for.</summary>
/// <param name="Resource">What makes them.</param>
/// <param name="Count">How many there may be.</param>
/// <param name="Millicores">Processor time of each, in thousandths of a core.</param>
/// <param name="Mebibytes">Memory of each in MiB.</param>
internal sealed record PodRequest(PlannedResource Resource, int Count, int Millicores, int Mebibytes)
{
    private static readonly string[] Replicas = ["replicaCount", "replicas"];

    /// <summary>Whether one of them fits.</summary>
    public bool FitsOn(NodeRoom room) => Millicores <= room.Millicores && Mebibytes <= room.Mebibytes;

    /// <summary>The pods of a cluster that run on a group of its nodes. The general one takes whatever selects none, the operators' charts among it.</summary>
    public static IEnumerable<PodRequest> OfGroup(string group, IReadOnlyList<PlannedResource> objects)
    {
        foreach (PlannedResource resource in objects)
        {
            if (resource.Type == "kubernetes:helm.sh/v3:Release" && group == NodeGroups.General && resource.Value("values") is { } values)
            {
                foreach (PodRequest pod in OfChart(resource, values))
                {
                    yield return pod;
                }
            }
            else if (PlannedPod.Of(resource) is { } pod && (pod.Text($"nodeSelector.{NodeGroup.WorkloadKey}") ?? NodeGroups.General) == group)
            {
                (int millicores, int mebibytes) = AskedBy(pod);
                yield return new PodRequest(resource, CountOf(resource, objects), millicores, mebibytes);
            }
        }
    }

    /// <summary>Containers run side by side; those that initialize the pod come one after the other before them.</summary>
    private static (int Millicores, int Mebibytes) AskedBy(PropertyMap pod)
    {
        (int Millicores, int Mebibytes)[] initial = [.. pod.Each("initContainers").Select(Asked)];
        (int Millicores, int Mebibytes)[] running = [.. pod.Each("containers").Select(Asked)];
        return (
            Math.Max(initial.Select(asked => asked.Millicores).Append(0).Max(), running.Sum(asked => asked.Millicores)),
            Math.Max(initial.Select(asked => asked.Mebibytes).Append(0).Max(), running.Sum(asked => asked.Mebibytes)));
    }

    private static (int Millicores, int Mebibytes) Asked(PropertyValue container) =>
        (Millis(container.Text("resources.requests.cpu")), (int)(Bytes(container.Text("resources.requests.memory")) >> 20));

    /// <summary>As many as are asked for, or as an autoscaler may make of them.</summary>
    private static int CountOf(PlannedResource resource, IReadOnlyList<PlannedResource> objects)
    {
        PlannedResource? scaler = objects.FirstOrDefault(other => other.Type.EndsWith(":HorizontalPodAutoscaler", StringComparison.Ordinal)
            && other.Text("metadata.namespace") == resource.Text("metadata.namespace")
            && other.Text("spec.scaleTargetRef.name") == resource.Text("metadata.name")
            && other.Text("spec.scaleTargetRef.kind") == resource.Type.Split(':')[^1]);
        return (int)(scaler?.Number("spec.maxReplicas") ?? resource.Number("spec.replicas") ?? 1);
    }

    /// <summary>A chart's values have requests wherever it makes pods, and beside them how many.</summary>
    private static IEnumerable<PodRequest> OfChart(PlannedResource resource, PropertyValue values)
    {
        if (values is not PropertyMap map)
        {
            yield break;
        }

        if (map.Find("resources") is PropertyMap resources && resources.ContainsKey("requests"))
        {
            decimal count = Replicas.Select(map.Find).OfType<PropertyValue>().Select(PlannedInputs.AsNumber).FirstOrDefault() ?? 1;
            (int millicores, int mebibytes) = Asked(map);
            yield return new PodRequest(resource, (int)count, millicores, mebibytes);
        }

        foreach (PodRequest pod in map.SelectMany(entry => OfChart(resource, entry.Value)))
        {
            yield return pod;
        }
    }

    private static int Millis(string? quantity) => quantity is null ? 0
        : quantity.EndsWith('m') ? int.Parse(quantity[..^1], CultureInfo.InvariantCulture)
        : (int)(decimal.Parse(quantity, CultureInfo.InvariantCulture) * 1000);

    private static long Bytes(string? quantity)
    {
        (string Unit, int Shift)[] units = [("Ki", 10), ("Mi", 20), ("Gi", 30)];
        return quantity is null ? 0
            : units.FirstOrDefault(unit => quantity.EndsWith(unit.Unit, StringComparison.Ordinal)) is { Unit: { } unit, Shift: var shift }
                ? long.Parse(quantity[..^unit.Length], CultureInfo.InvariantCulture) << shift
                : long.Parse(quantity, CultureInfo.InvariantCulture);
    }
}
