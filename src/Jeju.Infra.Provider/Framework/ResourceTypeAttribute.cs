namespace Jeju.Infra.Provider.Framework;

/// <summary>Names the resource type that a handler serves.</summary>
/// <param name="name">The last part of the token, such as <c>LocalChain</c>.</param>
/// <param name="description">What the resource is, for the schema.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ResourceTypeAttribute(string name, string description) : Attribute
{
    public string Token { get; } = $"{PluginInformation.PackageName}:index:{name}";

    public string Description { get; } = description;
}
