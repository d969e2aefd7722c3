namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A relayer of bridge messages.</summary>
internal static class Bridge
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "bridge",
        Title = "Bridge relayer",
        Service = ServiceNames.Bridge,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 1, 5, 1, 2, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 4, 50, 2, 10, TimeSpan.FromMinutes(15)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 16, 200, 4, 40, TimeSpan.FromMinutes(30)),
        },
    };
}
