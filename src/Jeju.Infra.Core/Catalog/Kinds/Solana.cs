namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A Solana RPC node; on mainnet only in a TEE.</summary>
internal static class Solana
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "solana",
        Title = "Solana node",
        Service = ServiceNames.ExternalChain,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("devnet", 8, 50, 4, 25, TimeSpan.FromHours(1)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 64, 500, 8, 120, TimeSpan.FromHours(24)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 128, 2000, 16, 350, TimeSpan.FromHours(72), tee: true),
        },
    };
}
