using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>The environment variables of a container, by where their values come from.</summary>
internal static class PodVariable
{
    /// <summary>The number of a stateful pod, which later variables can refer to as <c>$(POD_INDEX)</c>.</summary>
    public static EnvVarArgs PodIndex => new()
    {
        Name = "POD_INDEX",
        ValueFrom = new EnvVarSourceArgs { FieldRef = new ObjectFieldSelectorArgs { FieldPath = "metadata.labels['apps.kubernetes.io/pod-index']" } },
    };

    /// <summary>A value that anybody may read.</summary>
    public static EnvVarArgs Of(string name, Input<string> value) => new() { Name = name, Value = value };

    /// <summary>An entry of a secret; without it the pod does not start.</summary>
    public static EnvVarArgs Secret(string name, ClusterSecret secret, string key) => new()
    {
        Name = name,
        ValueFrom = new EnvVarSourceArgs { SecretKeyRef = new SecretKeySelectorArgs { Name = secret.Name, Key = secret.Key(key) } },
    };

    /// <summary>An entry of a config map; without it the pod does not start.</summary>
    public static EnvVarArgs Entry(string name, string configMap, string key) => new()
    {
        Name = name,
        ValueFrom = new EnvVarSourceArgs { ConfigMapKeyRef = new ConfigMapKeySelectorArgs { Name = configMap, Key = key } },
    };
}
