namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>An edge cache for sites of the network.</summary>
internal static class Cdn
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "cdn",
        Title = "CDN edge",
        Service = ServiceNames.Cdn,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 1, 10, 1, 2, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 4, 100, 2, 8, TimeSpan.FromMinutes(15)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 16, 500, 8, 40, TimeSpan.FromMinutes(15)),
        },
    };
}
