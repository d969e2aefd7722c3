namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A CovenantSQL block producer.</summary>
internal static class CovenantSql
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "covenantsql",
        Title = "CovenantSQL node",
        Service = ServiceNames.ChainService,
        IsStateful = true,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 2, 10, 1, 4, TimeSpan.FromMinutes(10)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 8, 100, 2, 15, TimeSpan.FromMinutes(30)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 16, 500, 4, 45, TimeSpan.FromHours(1)),
        },
    };
}
