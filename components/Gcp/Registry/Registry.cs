using Pulumi;
using Pulumi.Gcp.ArtifactRegistry;
using Pulumi.Gcp.ArtifactRegistry.Inputs;

namespace Jeju.Infra.Components.Gcp;

/// <summary>What a stack decides about its image registry.</summary>
public sealed class RegistryArgs : ResourceArgs
{
    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The key that encrypts the images.</summary>
    [Input("dataKeyId", required: true)]
    public Input<string> DataKeyId { get; set; } = null!;

    /// <summary>How many images of each name are kept, 1 and up.</summary>
    public int Keep { get; init; } = 30;
}

/// <summary>One repository in Artifact Registry for all images: tags cannot be moved, every push is scanned, old images go.</summary>
public sealed class Registry : ComponentResource
{
    /// <summary>Declares the repository.</summary>
    public Registry(string name, RegistryArgs args, ComponentResourceOptions? options = null)
        : base("jeju:gcp:Registry", name, args, options)
    {
        Repository repository = new(name, new RepositoryArgs
        {
            RepositoryId = name,
            Location = args.Region,
            Format = "DOCKER",
            Description = $"The images of {name}",
            KmsKeyName = args.DataKeyId,
            DockerConfig = new RepositoryDockerConfigArgs { ImmutableTags = true },
            VulnerabilityScanningConfig = new RepositoryVulnerabilityScanningConfigArgs { EnablementConfig = "INHERITED" },
            CleanupPolicies =
            {
                new RepositoryCleanupPolicyArgs
                {
                    Id = "keep-newest",
                    Action = "KEEP",
                    MostRecentVersions = new RepositoryCleanupPolicyMostRecentVersionsArgs { KeepCount = args.Keep },
                },
                new RepositoryCleanupPolicyArgs
                {
                    Id = "delete-old",
                    Action = "DELETE",
                    Condition = new RepositoryCleanupPolicyConditionArgs { TagState = "ANY", OlderThan = "604800s" },
                },
            },
        }, new CustomResourceOptions { Parent = this });
        Url = repository.Name.Apply(repositoryName => $"{args.Region}-docker.pkg.dev/{args.Project}/{repositoryName}");
        RegisterOutputs(new Dictionary<string, object?> { ["url"] = Url });
    }

    /// <summary>The address that image names are appended to.</summary>
    [Output("url")]
    public Output<string> Url { get; private set; }
}
