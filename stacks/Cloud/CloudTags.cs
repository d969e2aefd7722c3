using Jeju.Infra.Core;

namespace Jeju.Infra.Stacks;

/// <summary>The tags, or labels, that every cloud resource carries, by which cost is told apart.</summary>
internal static class CloudTags
{
    public static Dictionary<string, string> Of(NetworkProfile profile) => new()
    {
        ["project"] = "jeju-infra",
        ["stack"] = profile.StackName,
        ["owner"] = "jeju-network",
        ["cost"] = $"jeju-{profile.StackName}",
    };
}
