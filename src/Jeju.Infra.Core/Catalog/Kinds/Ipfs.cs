namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>An IPFS node with its API and gateway.</summary>
internal static class Ipfs
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "ipfs",
        Title = "IPFS node",
        Service = ServiceNames.Storage,
        IsStateful = true,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 2, 20, 2, 4, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 4, 100, 2, 8, TimeSpan.FromMinutes(15)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 16, 1000, 4, 40, TimeSpan.FromMinutes(15)),
        },
    };
}
