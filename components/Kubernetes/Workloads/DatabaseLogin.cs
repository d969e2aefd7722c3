using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The variables by which a program finds the managed database; user and password come from a secret.</summary>
internal static class DatabaseLogin
{
    public static IEnumerable<EnvVarArgs> Variables(Input<string> host, ClusterSecret secret) =>
    [
        PodVariable.Of("DB_HOST", host),
        PodVariable.Of("DB_PORT", "5432"),
        PodVariable.Of("DB_NAME", "jeju"),
        PodVariable.Of("DB_SSL", "true"),
        PodVariable.Secret("DB_USER", secret, "username"),
        PodVariable.Secret("DB_PASS", secret, "password"),
    ];
}
