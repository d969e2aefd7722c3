using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>
/// How a pod's program finds the managed database. User and password are files, read anew for each connection: the password may be made anew, and a variable would be the old one until somebody restarts the
/// pod.
/// </summary>
internal static class PodDatabase
{
    private const string LoginFolder = "/secrets/database";

    public static IEnumerable<EnvVarArgs> Variables(Input<string> host, ClusterSecret secret) =>
    [
        PodVariable.Of("DB_HOST", host),
        PodVariable.Of("DB_PORT", "5432"),
        PodVariable.Of("DB_NAME", "jeju"),
        PodVariable.Of("DB_SSL", "true"),
        PodVariable.Of("DB_USER_FILE", $"{LoginFolder}/{secret.Key("username")}"),
        PodVariable.Of("DB_PASSWORD_FILE", $"{LoginFolder}/{secret.Key("password")}"),
    ];

    /// <summary>Where the files are.</summary>
    public static SecretFolder Folder(ClusterSecret secret) => new(secret, LoginFolder);
}
