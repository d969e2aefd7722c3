namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A full node of a Cosmos chain.</summary>
internal static class Cosmos
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "cosmos",
        Title = "Cosmos node",
        Service = ServiceNames.ExternalChain,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 8, 50, 4, 12, TimeSpan.FromMinutes(15)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 32, 300, 8, 50, TimeSpan.FromHours(12)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 64, 1000, 16, 140, TimeSpan.FromHours(48)),
        },
    };
}
