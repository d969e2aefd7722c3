namespace Pulumi;

/// <summary>Names that the engine gives a meaning.</summary>
internal static class Constants
{
    public const string IdProperty = "id";
    public const string UrnProperty = "urn";
    public const string StackType = "pulumi:pulumi:Stack";
    public const string ProviderTypePrefix = "pulumi:providers:";
}
