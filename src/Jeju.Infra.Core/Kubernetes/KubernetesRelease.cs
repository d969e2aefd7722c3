namespace Jeju.Infra.Core;

/// <summary>A minor version of Kubernetes that a cluster on EKS can have.</summary>
/// <param name="Version">The version, for example <c>1.36</c>.</param>
/// <param name="SupportEnds">The last day of standard support on EKS, past which the cluster is raised to the next version.</param>
/// <param name="AutoscalerImage">The tag of the autoscaler's image: it simulates that version's scheduler, so their minor versions are the same.</param>
public sealed record KubernetesRelease(string Version, DateOnly SupportEnds, string AutoscalerImage)
{
    /// <summary>Those under standard support, oldest first (EKS user guide, "Kubernetes versions"; endoflife.date of 2026-08-22; tags of kubernetes/autoscaler).</summary>
    public static IReadOnlyList<KubernetesRelease> All { get; } =
    [
        new("1.34", new DateOnly(2026, 12, 2), "v1.34.5"),
        new("1.35", new DateOnly(2027, 3, 27), "v1.35.2"),
        new("1.36", new DateOnly(2027, 8, 2), "v1.36.1"),
    ];

    /// <summary>The release of a version.</summary>
    /// <exception cref="InfraException">JEJU0742: the version is not known.</exception>
    public static KubernetesRelease Of(string version) => All.FirstOrDefault(release => release.Version == version)
        ?? throw new InfraException(
            new ErrorCode(742),
            $"There is no autoscaler for Kubernetes {version}.",
            $"Set aws:kubernetesVersion to one of {string.Join(", ", All.Select(release => release.Version))}.",
            FailureKind.Usage);
}
