namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A Bitcoin full node; on a laptop a regtest chain of its own.</summary>
internal static class Bitcoin
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "bitcoin",
        Title = "Bitcoin node",
        Service = ServiceNames.ExternalChain,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("regtest", 2, 10, 2, 4, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 8, 50, 4, 15, TimeSpan.FromHours(12)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 16, 1000, 8, 45, TimeSpan.FromHours(48)),
        },
    };
}
