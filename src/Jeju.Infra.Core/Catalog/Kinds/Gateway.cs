namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>The public gateway of the network.</summary>
internal static class Gateway
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "gateway",
        Title = "Gateway",
        Service = ServiceNames.ChainService,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 1, 5, 1, 2, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 2, 20, 2, 6, TimeSpan.FromMinutes(15)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 8, 50, 4, 25, TimeSpan.FromMinutes(15)),
        },
    };
}
