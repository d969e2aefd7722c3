namespace Jeju.Infra.Core;

/// <summary>What may be done with one kind of Kubernetes object in a namespace.</summary>
/// <param name="Group">The API group; empty for the core one.</param>
/// <param name="Resource">The plural, with the subresource where there is one.</param>
/// <param name="Verbs">What may be done.</param>
public sealed record KubernetesPermission(string Group, string Resource, IReadOnlyList<string> Verbs);

/// <summary>
/// The rights of the provider node's agent in its customers' namespace: what its backend does, and nothing else. The role is made from this list, and a test holds it against the requests that the backend
/// sends. Server-side apply is <c>patch</c>, and <c>create</c> besides where the object is not there yet. Secrets cannot be listed: the agent asks for those whose name it knows.
/// </summary>
public static class TenantPermissions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<KubernetesPermission> All { get; } =
    [
        new("", "persistentvolumeclaims", ["get", "list", "create", "patch", "delete"]),
        new("", "secrets", ["get", "create", "patch", "delete"]),
        new("", "services", ["get", "create", "patch", "delete"]),
        new("", "pods", ["get", "list", "watch"]),
        new("", "pods/log", ["get"]),
        new("", "events", ["list"]),
        new("apps", "statefulsets", ["get", "list", "create", "patch", "delete"]),
        new("networking.k8s.io", "networkpolicies", ["get", "create", "patch", "delete"]),
    ];
}
