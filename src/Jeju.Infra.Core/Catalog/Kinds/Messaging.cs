namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A relay of encrypted messages.</summary>
internal static class Messaging
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "messaging",
        Title = "Messaging relay",
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
