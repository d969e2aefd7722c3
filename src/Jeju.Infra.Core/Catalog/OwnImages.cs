namespace Jeju.Infra.Core.Catalog;

/// <summary>The images of this repository's own programs: each has a recipe, and lies in each cloud's registry under the same name.</summary>
public static class OwnImages
{
    /// <summary>The provider node's agent.</summary>
    public const string Agent = "dws-agent";
}
