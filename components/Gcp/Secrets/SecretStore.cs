using Jeju.Infra.Core;
using Pulumi;
using Pulumi.Gcp.SecretManager;
using Pulumi.Gcp.SecretManager.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its secrets.</summary>
public sealed class SecretStoreArgs : ResourceArgs
{
    /// <summary>The secrets: the catalog in the stack's sizes.</summary>
    public required IReadOnlyList<ClusterSecret> Secrets { get; init; }

    /// <summary>The stack, from which the names follow.</summary>
    public required string StackName { get; init; }

    /// <summary>The region where the values are.</summary>
    public required string Region { get; init; }

    /// <summary>The key that encrypts the values.</summary>
    [Input("dataKeyId", required: true)]
    public Input<string> DataKeyId { get; set; } = null!;

    /// <summary>Who reads them: the account of the cluster's operator, as a member of a policy.</summary>
    [Input("reader", required: true)]
    public Input<string> Reader { get; set; } = null!;

    /// <summary>The values that the program generates, each as the JSON object that the cluster reads.</summary>
    public required IReadOnlyDictionary<ClusterSecret, Output<string>> Generated { get; init; }

    /// <summary>Whether the secrets outlive the stack.</summary>
    public bool Protect { get; init; }
}

/// <summary>
/// A secret in Secret Manager for each of the catalog, encrypted with the stack's key and readable by the cluster's operator alone. Those that are generated have their value at once, the logins to the database
/// are put in by <see cref="DatabaseUser"/>, all other values by a person, as one JSON object each: no program and no state ever holds those.
/// </summary>
public sealed class SecretStore : ComponentResource
{
    /// <summary>Declares the secrets.</summary>
    public SecretStore(string name, SecretStoreArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:SecretStore", name, args, options)
    {
        Dictionary<ClusterSecret, Output<string>> secrets = [];
        foreach (ClusterSecret secret in args.Secrets.Where(secret => secret.Source != SecretSource.Certificate))
        {
            string resource = $"{name}-{secret.Namespace}-{secret.Name}";
            Secret declared = new(
                resource,
                new SecretArgs
                {
                    SecretId = secret.SourceNameIn(args.StackName),
                    DeletionProtection = args.Protect,
                    Replication = new SecretReplicationArgs
                    {
                        UserManaged = new SecretReplicationUserManagedArgs
                        {
                            Replicas = new SecretReplicationUserManagedReplicaArgs
                            {
                                Location = args.Region,
                                CustomerManagedEncryption = new SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgs { KmsKeyName = args.DataKeyId },
                            },
                        },
                    },
                },
                new CustomResourceOptions { Parent = this, Protect = args.Protect, RetainOnDelete = args.Protect });
            secrets[secret] = declared.Id;
            if (args.Generated.TryGetValue(secret, out Output<string>? value))
            {
                _ = new SecretVersion(resource, new SecretVersionArgs { Secret = declared.Id, SecretData = value }, new CustomResourceOptions { Parent = this, RetainOnDelete = args.Protect });
            }

            _ = new SecretIamMember(resource, new SecretIamMemberArgs
            {
                SecretId = declared.SecretId,
                Role = "roles/secretmanager.secretAccessor",
                Member = args.Reader,
            }, new CustomResourceOptions { Parent = this });
        }

        SecretIds = secrets;
        RegisterOutputs();
    }

    /// <summary>The ids of all of them.</summary>
    public IReadOnlyDictionary<ClusterSecret, Output<string>> SecretIds { get; }
}
