namespace Jeju.Infra.Core;

/// <summary>What a namespace lets its pods do (Kubernetes documentation, "Pod Security Standards").</summary>
public enum PodSecurityLevel
{
    /// <summary>No privilege at all: what every namespace has unless it says why not.</summary>
    Restricted,

    /// <summary>No known way to more privileges, but also pods that run as root.</summary>
    Baseline,

    /// <summary>Whatever the pod asks for, the node's own file system and network among it.</summary>
    Privileged,
}

/// <summary>A namespace of every cluster.</summary>
/// <param name="Name">Its name, a DNS label.</param>
/// <param name="Purpose">What lives there.</param>
/// <param name="PodSecurity">What its pods may do.</param>
/// <param name="PodSecurityReason">Why they may do more than the restricted standard allows; <see langword="null"/> where they may not.</param>
public sealed record ClusterNamespace(
    string Name,
    string Purpose,
    PodSecurityLevel PodSecurity = PodSecurityLevel.Restricted,
    string? PodSecurityReason = null)
{
    /// <summary>The level as the label <c>pod-security.kubernetes.io/enforce</c> has it.</summary>
    public string PodSecurityLabel => PodSecurity.ToString().ToLowerInvariant();
}
