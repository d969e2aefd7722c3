using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Pulumi;
using Pulumi.Aws.Ecr;
using Pulumi.Aws.Ecr.Inputs;

namespace Jeju.Infra.Components.Aws;

/// <summary>What a stack decides about its image registry.</summary>
public sealed class RegistryArgs : ResourceArgs
{
    /// <summary>The images' names, for example <c>indexer</c>.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The key that encrypts the images.</summary>
    [Input("dataKeyArn", required: true)]
    public Input<string> DataKeyArn { get; set; } = null!;

    /// <summary>Whether repositories that hold images refuse to be deleted.</summary>
    public bool Protect { get; init; }

    /// <summary>How many images of each name are kept, 1 to 1000.</summary>
    public int Keep { get; init; } = 30;
}

/// <summary>A repository in ECR for each image: tags cannot be moved, every push is scanned, old images go.</summary>
public sealed class Registry : ComponentResource
{
    /// <summary>Declares the repositories.</summary>
    public Registry(string name, RegistryArgs args, ComponentResourceOptions? options = null)
        : base("jeju:aws:Registry", name, args, options)
    {
        CustomResourceOptions child = new() { Parent = this };
        ImmutableDictionary<string, Output<string>>.Builder urls = ImmutableDictionary.CreateBuilder<string, Output<string>>();
        foreach (string image in args.Images)
        {
            Repository repository = new($"{name}-{image}", new RepositoryArgs
            {
                Name = $"{name}/{image}",
                ImageTagMutability = "IMMUTABLE",
                ImageScanningConfiguration = new RepositoryImageScanningConfigurationArgs { ScanOnPush = true },
                EncryptionConfigurations = new RepositoryEncryptionConfigurationArgs { EncryptionType = "KMS", KmsKey = args.DataKeyArn },
                ForceDelete = !args.Protect,
            }, child);
            _ = new LifecyclePolicy($"{name}-{image}", new LifecyclePolicyArgs { Repository = repository.Name, Policy = KeepNewest(args.Keep) }, child);
            urls[image] = repository.RepositoryUrl;
        }

        Urls = Output.All(urls.Select(pair => pair.Value.Apply(url => KeyValuePair.Create(pair.Key, url))))
            .Apply(pairs => pairs.ToImmutableDictionary());
        RegisterOutputs(new Dictionary<string, object?> { ["urls"] = Urls });
    }

    /// <summary>The address of each image, by name.</summary>
    [Output("urls")]
    public Output<ImmutableDictionary<string, string>> Urls { get; private set; }

    private static string KeepNewest(int count) => new JsonObject
    {
        ["rules"] = new JsonArray(new JsonObject
        {
            ["rulePriority"] = 1,
            ["description"] = $"Keep the newest {count}",
            ["selection"] = new JsonObject { ["tagStatus"] = "any", ["countType"] = "imageCountMoreThan", ["countNumber"] = count },
            ["action"] = new JsonObject { ["type"] = "expire" },
        }),
    }.ToJsonString();
}
