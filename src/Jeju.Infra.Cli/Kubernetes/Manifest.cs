using System.Text.Json.Nodes;

namespace Jeju.Infra.Cli.Kubernetes;

/// <summary>One Kubernetes object of a plan.</summary>
/// <param name="Cloud">The cloud whose cluster it is for, <c>aws</c> or <c>gcp</c>; empty where the plan does not tell.</param>
/// <param name="Service">The component that made it, which is the folder it goes to.</param>
/// <param name="Urn">The resource.</param>
/// <param name="Content">The object as the API takes it, unknowns and secrets replaced.</param>
internal sealed record Manifest(string Cloud, string Service, string Urn, JsonObject Content)
{
    /// <summary>
    /// The order in which a cluster can take them, as tens, so that applying a folder file by file finds what it refers to. A kind that is
    /// not here is taken last: it is a custom one, whose definition must be there.
    /// </summary>
    private static readonly string[] Order =
    [
        "Namespace", "PriorityClass", "StorageClass", "CustomResourceDefinition", "ResourceQuota", "LimitRange", "ServiceAccount", "Secret", "ConfigMap",
        "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "NetworkPolicy", "PersistentVolumeClaim", "Service", "PodDisruptionBudget", "Job", "CronJob",
        "DaemonSet", "StatefulSet", "Deployment", "HorizontalPodAutoscaler", "Ingress",
    ];

    /// <summary>The kind of object.</summary>
    public string Kind => Content["kind"]?.GetValue<string>() ?? "";

    /// <summary>The object's name.</summary>
    public string Name => Content["metadata"]?["name"]?.GetValue<string>() ?? "";

    /// <summary>The object's namespace; empty where it has none.</summary>
    public string Namespace => Content["metadata"]?["namespace"]?.GetValue<string>() ?? "";

    /// <summary>The file, below the folder of its service.</summary>
    public string FileName => $"{Rank:D2}-{Kind.ToLowerInvariant()}-{FileSafe(Name)}.yaml";

    private int Rank => Array.IndexOf(Order, Kind) is >= 0 and int rank ? rank : 90;

    private static string FileSafe(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '-'));
}

/// <summary>A value that a plan does not hold, and what stands in its place.</summary>
/// <param name="Urn">The resource.</param>
/// <param name="Path">Where in it.</param>
/// <param name="Placeholder">What is written instead.</param>
/// <param name="Sources">The names of the resources that it comes from.</param>
internal sealed record ReplacedValue(string Urn, string Path, string Placeholder, IReadOnlyList<string> Sources);

/// <summary>A chart that Helm installs: not an object, so it has no file.</summary>
internal sealed record PlannedChart(string Cloud, string Urn, string Name, string Namespace, string Chart, string Version, string Repository);
