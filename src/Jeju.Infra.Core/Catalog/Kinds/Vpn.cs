namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>An exit node of the VPN.</summary>
internal static class Vpn
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "vpn",
        Title = "VPN exit",
        Service = ServiceNames.Vpn,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 1, 1, 1, 2, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 1, 5, 1, 4, TimeSpan.FromMinutes(15)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 4, 10, 2, 12, TimeSpan.FromMinutes(15)),
        },
    };
}
