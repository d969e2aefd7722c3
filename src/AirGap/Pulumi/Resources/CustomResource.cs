using Jeju.Infra.Protocol.Properties;

namespace Pulumi;

/// <summary>A resource that a provider makes, changes and deletes.</summary>
public class CustomResource : Resource
{
    public CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null)
        : this(type, name, args, options, registerPackageRequest: null)
    {
    }

    public CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null, RegisterPackageRequest? registerPackageRequest = null)
        : base(type, name, custom: true, args ?? ResourceArgs.Empty, options ?? new CustomResourceOptions(), package: registerPackageRequest)
    {
    }

    /// <summary>A resource that is not registered: others depend on it.</summary>
    private protected CustomResource()
        : base(string.Empty, string.Empty, custom: true, ResourceArgs.Empty, new CustomResourceOptions(), dependency: true)
    {
    }

    [Output(Constants.IdProperty)]
    public Output<string> Id { get; private protected set; } = null!;
}

/// <summary>A resource of which only the URN is known.</summary>
internal sealed class DependencyResource : CustomResource
{
    public DependencyResource(string urn, string? id = null)
    {
        Urn = new(Task.FromResult(new OutputData<string>([this], urn, IsKnown: true, IsSecret: false)));
        Id = new(Task.FromResult(new OutputData<string>([this], id!, IsKnown: !string.IsNullOrEmpty(id) && id != PropertySignatures.UnknownString, IsSecret: false)));
    }
}

/// <summary>A provider with settings of its own.</summary>
public class ProviderResource : CustomResource
{
    public ProviderResource(string package, string name, ResourceArgs args, CustomResourceOptions? options = null)
        : this(package, name, args, options, registerPackageRequest: null)
    {
    }

    public ProviderResource(string package, string name, ResourceArgs args, CustomResourceOptions? options = null, RegisterPackageRequest? registerPackageRequest = null)
        : base(Constants.ProviderTypePrefix + package, name, args, options, registerPackageRequest) => Package = package;

    internal string Package { get; }

    /// <summary>How a resource refers to its provider: urn::id; the id is not known in the preview of a new provider.</summary>
    internal async Task<string> GetReferenceAsync()
    {
        var urn = await Urn.DataTask.ConfigureAwait(false);
        var id = await Id.DataTask.ConfigureAwait(false);
        return $"{urn.Value}::{(id.IsKnown && !string.IsNullOrEmpty(id.Value) ? id.Value : PropertySignatures.UnknownString)}";
    }
}
