namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>Object storage with proofs of possession.</summary>
internal static class Storage
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "storage",
        Title = "Object storage",
        Service = ServiceNames.Storage,
        IsStateful = true,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 1, 20, 1, 3, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 4, 200, 2, 10, TimeSpan.FromMinutes(15)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 16, 2000, 8, 60, TimeSpan.FromMinutes(30)),
        },
    };
}
