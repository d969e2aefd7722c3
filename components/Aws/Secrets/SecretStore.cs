using System.Collections.Immutable;
using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Aws.SecretsManager;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its secrets.</summary>
public sealed class SecretStoreArgs : ResourceArgs
{
    /// <summary>The secrets: the catalog in the stack's sizes.</summary>
    public required IReadOnlyList<ClusterSecret> Secrets { get; init; }

    /// <summary>The stack, from which the names follow.</summary>
    public required string StackName { get; init; }

    /// <summary>The key that encrypts the values.</summary>
    [Input("dataKeyArn", required: true)]
    public Input<string> DataKeyArn { get; set; } = null!;

    /// <summary>The values that the program generates, each as the JSON object that the cluster reads.</summary>
    public required IReadOnlyDictionary<ClusterSecret, Output<string>> Generated { get; init; }

    /// <summary>How long a deleted secret can be restored, and its name not be given again: 0, or 7 to 30 days.</summary>
    public required int RecoveryDays { get; init; }

    /// <summary>Whether the secrets outlive the stack.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// A secret in Secrets Manager for each of the catalog, encrypted with the stack's key. Those that are generated have their value at once; into the others, which are empty, an operator puts it, as one JSON
/// object each: no program and no state ever holds those.
/// </summary>
public sealed class SecretStore : ComponentResource
{
    /// <summary>Declares the secrets.</summary>
    public SecretStore(string name, SecretStoreArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:SecretStore", name, args, options)
    {
        List<Output<string>> arns = [];
        foreach (ClusterSecret secret in args.Secrets.Where(secret => secret.Source is SecretSource.Store or SecretSource.Generated))
        {
            string source = secret.SourceNameIn(args.StackName);
            string resource = $"{name}-{secret.Namespace}-{secret.Name}";
            Secret declared = new(
                resource,
                new SecretArgs
                {
                    Name = source,
                    Description = $"{secret.Purpose}. A JSON object with {string.Join(", ", secret.Keys)}",
                    KmsKeyId = args.DataKeyArn,
                    RecoveryWindowInDays = args.RecoveryDays,
                },
                new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
            arns.Add(declared.Arn);
            if (args.Generated.TryGetValue(secret, out Output<string>? value))
            {
                _ = new SecretVersion(resource, new SecretVersionArgs { SecretId = declared.Id, SecretString = value }, new CustomResourceOptions { Parent = this, RetainOnDelete = args.Protect });
            }
        }

        SecretArns = Output.All(arns);
        RegisterOutputs(new Dictionary<string, object?> { ["secretArns"] = SecretArns });
    }

    /// <summary>The ARNs of all of them, in the order of the catalog: what the cluster's operator may read.</summary>
    [Output("secretArns")]
    public Output<ImmutableArray<string>> SecretArns { get; private set; }
}
