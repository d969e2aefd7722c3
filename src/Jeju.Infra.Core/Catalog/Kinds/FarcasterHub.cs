namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A Farcaster hub (Snapchain).</summary>
internal static class FarcasterHub
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "farcaster-hub",
        Title = "Farcaster hub",
        Service = ServiceNames.ChainService,
        IsStateful = true,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 4, 20, 2, 6, TimeSpan.FromMinutes(15)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 16, 500, 4, 35, TimeSpan.FromHours(12)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 32, 2000, 8, 110, TimeSpan.FromHours(48)),
        },
    };
}
