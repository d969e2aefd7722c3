using Jeju.Infra.Engine.Plans;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Policy.Rules;

/// <summary>The pods that a Kubernetes object makes.</summary>
internal static class PlannedPod
{
    /// <summary>The pod's specification; null for an object that makes none.</summary>
    public static PropertyMap? Of(PlannedResource resource) => !resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal) ? null : resource.Type.Split(':')[^1] switch
    {
        "Pod" => resource.Value("spec") as PropertyMap,
        "CronJob" => resource.Value("spec.jobTemplate.spec.template.spec") as PropertyMap,
        _ => resource.Value("spec.template.spec") is PropertyMap pod && pod.ContainsKey("containers") ? pod : null,
    };

    /// <summary>All its containers, those that initialize it included.</summary>
    public static IEnumerable<PropertyMap> Containers(PropertyMap pod) =>
        pod.Each("containers").Concat(pod.Each("initContainers")).Concat(pod.Each("ephemeralContainers")).OfType<PropertyMap>();
}
