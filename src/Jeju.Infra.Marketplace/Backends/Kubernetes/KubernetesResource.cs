namespace Jeju.Infra.Marketplace.Backends;

/// <summary>A kind of object of the Kubernetes API that lives in a namespace.</summary>
/// <param name="Group">The API group; empty for the core one.</param>
/// <param name="Plural">Its name in paths.</param>
/// <param name="Kind">Its name in objects.</param>
internal sealed record KubernetesResource(string Group, string Plural, string Kind)
{
    /// <summary>All that the backend works with are stable: <c>v1</c> of their group.</summary>
    private const string Version = "v1";

    public static KubernetesResource VolumeClaim { get; } = new("", "persistentvolumeclaims", "PersistentVolumeClaim");

    public static KubernetesResource Secret { get; } = new("", "secrets", "Secret");

    public static KubernetesResource Service { get; } = new("", "services", "Service");

    public static KubernetesResource Pod { get; } = new("", "pods", "Pod");

    public static KubernetesResource Event { get; } = new("", "events", "Event");

    public static KubernetesResource StatefulSet { get; } = new("apps", "statefulsets", "StatefulSet");

    public static KubernetesResource NetworkPolicy { get; } = new("networking.k8s.io", "networkpolicies", "NetworkPolicy");

    /// <summary>As it stands in an object.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of all of a namespace.</summary>
    public string PathIn(string name) => $"/{(Group.Length == 0 ? "api" : "apis/" + Group)}/{Version}/namespaces/{name}/{Plural}";
}
