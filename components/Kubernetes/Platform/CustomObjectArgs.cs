using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using CustomObject = Pulumi.Kubernetes.ApiExtensions.CustomResource;

namespace Jeju.Infra.Components.Kubernetes;

/// <summary>An object of a kind that an operator's custom resource definition adds, for example an <c>ExternalSecret</c>.</summary>
internal sealed class CustomObjectArgs(string apiVersion, string kind) : CustomResourceArgs(apiVersion, kind)
{
    private InputMap<object>? _spec;

    /// <summary>What the operator makes of it.</summary>
    [Input("spec")]
    public InputMap<object> Spec { get => _spec ??= []; set => _spec = value; }

    /// <summary>Declares an object of a namespace; its resource is called after both.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="apiVersion">Group and version.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="objectName">The object's own name.</param>
    /// <param name="namespaceName">Its namespace; <see langword="null"/> for an object of the whole cluster.</param>
    /// <param name="spec">Its specification.</param>
    /// <param name="options">The resource's options.</param>
    public static CustomObject Declare(
        string name, string apiVersion, string kind, string objectName, string? namespaceName, Dictionary<string, object> spec, CustomResourceOptions options)
    {
        ObjectMetaArgs metadata = new() { Name = objectName, Labels = { ["app.kubernetes.io/part-of"] = "jeju" } };
        if (namespaceName is not null)
        {
            metadata.Namespace = namespaceName;
        }

        return new CustomObject(name, new CustomObjectArgs(apiVersion, kind) { Metadata = metadata, Spec = spec }, options);
    }
}
