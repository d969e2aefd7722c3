using System.Text.Json.Nodes;

namespace Jeju.Infra.Core;

/// <summary>Where the value of a Kubernetes secret comes from. The program never knows it.</summary>
public enum SecretSource
{
    /// <summary>The cloud's secret store: the program declares an empty secret, an operator puts the value in, the cluster copies it.</summary>
    Store,

    /// <summary>The login of the managed database: on AWS the secret that the database makes and rotates, on Google Cloud one of the store.</summary>
    Database,

    /// <summary>Made by the program at the deployment, put into the cloud's secret store by it, and copied by the cluster.</summary>
    Generated,

    /// <summary>Made inside the cluster: a certificate with its key, issued and renewed by cert-manager.</summary>
    Certificate,
}

/// <summary>A secret of a cluster, declared once; workloads refer to it by <see cref="Name"/> and to its entries by <see cref="Key"/>.</summary>
/// <param name="Namespace">Its namespace, one of <see cref="ClusterNamespaces"/>.</param>
/// <param name="Name">Its name in the namespace.</param>
/// <param name="Keys">Its entries; in the cloud's store they are the properties of one JSON object.</param>
/// <param name="Purpose">What it is for, and what its entries hold.</param>
/// <param name="Source">Where its value comes from.</param>
public sealed record ClusterSecret(
    string Namespace,
    string Name,
    IReadOnlyList<string> Keys,
    string Purpose,
    SecretSource Source = SecretSource.Store)
{
    /// <summary>The single entry of a secret that has but one.</summary>
    /// <exception cref="InvalidOperationException">It has more.</exception>
    public string OnlyKey => Keys.Single();

    /// <summary>
    /// The name in the cloud's store, for example <c>jeju-testnet-op-stack-jwt</c>: letters, digits and hyphens, which both clouds take.
    /// </summary>
    /// <param name="stackName">The stack, for example <c>testnet</c>.</param>
    public string SourceNameIn(string stackName) => $"jeju-{stackName}-{Namespace}-{Name}";

    /// <summary>What the cloud's store holds of a secret with a single entry.</summary>
    /// <param name="value">The entry's value.</param>
    public string ToJson(string value) => new JsonObject { [OnlyKey] = value }.ToJsonString();

    /// <summary>The entry of a name, checked, so that no reference can name one that is not there.</summary>
    /// <exception cref="InfraException">JEJU0741: there is no such entry.</exception>
    public string Key(string key) => Keys.Contains(key)
        ? key
        : throw new InfraException(
            new ErrorCode(741),
            $"The secret '{Namespace}/{Name}' has no entry '{key}'.",
            $"Name one of {string.Join(", ", Keys)}.",
            FailureKind.Usage);
}
