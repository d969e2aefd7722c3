using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Projects;

namespace Jeju.Infra.Cli.Plans;

/// <summary>What a plan takes for granted, because nobody was asked.</summary>
internal static class UncheckedMatters
{
    private static readonly Dictionary<string, string[]> OfPackage = new()
    {
        ["aws"] =
        [
            "aws: credentials, permissions and quotas", "aws: whether machine types, AMIs, zones and versions exist in the region",
            "aws: what is really there, against the recorded state", "aws: whether names of buckets and zones are free",
        ],
        ["gcp"] =
        [
            "gcp: credentials, permissions, enabled services and quotas", "gcp: whether machine types, images, zones and versions exist in the region",
            "gcp: what is really there, against the recorded state", "gcp: whether names of buckets are free",
        ],
        ["kubernetes"] = ["kubernetes: whether the API servers take the objects, and what is really there", "kubernetes: whether images and charts can be pulled"],
    };

    /// <summary>Lists them.</summary>
    /// <param name="preview">The preview.</param>
    /// <param name="settings">The stack's settings.</param>
    /// <param name="project">The project's name.</param>
    /// <param name="profile">The environment.</param>
    /// <param name="isOnline">Whether endpoints and names were looked at.</param>
    public static IReadOnlyList<string> Of(RunResult preview, StackConfig settings, string project, NetworkProfile profile, bool isOnline)
    {
        List<string> matters = [.. preview.PlanOnlyPackages.SelectMany(package => OfPackage.GetValueOrDefault(package) ?? [$"{package}: everything but the form of its inputs"])];
        if (profile.Name == NetworkName.Localnet)
        {
            return matters;
        }

        if (!isOnline)
        {
            matters.Add($"chain: whether {settings.Entries.GetValueOrDefault($"{project}:chainEndpoint")?.Value ?? "the endpoint"} answers, and is chain {profile.SettlementChain}");
            matters.Add("chain: whether the endpoints of the L1 answer, and the rollup bundle's contracts have code there");
            matters.Add($"dns: whether {settings.Entries.GetValueOrDefault($"{project}:zone")?.Value ?? "the zone"} is delegated");
        }

        matters.Add("chain: contracts, roles and balances at the planned addresses");
        matters.Add("images: whether registries still have the pinned digests");
        return matters;
    }
}
