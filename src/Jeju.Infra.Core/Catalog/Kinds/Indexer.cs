namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>The chain's indexer.</summary>
internal static class Indexer
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "indexer",
        Title = "Chain indexer",
        Service = ServiceNames.ChainService,
        IsStateful = true,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 2, 10, 1, 4, TimeSpan.FromMinutes(10)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 8, 100, 4, 20, TimeSpan.FromHours(6)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 32, 1000, 8, 80, TimeSpan.FromHours(24)),
        },
    };
}
