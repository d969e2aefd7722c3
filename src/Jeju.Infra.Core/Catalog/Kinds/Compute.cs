namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>A rented container; on mainnet only in a TEE.</summary>
internal static class Compute
{
    public static ServiceKind Kind { get; } = new()
    {
        Name = "compute",
        Title = "Compute container",
        Service = ServiceNames.Compute,
        IsStateful = false,
        Requirements = new Dictionary<NetworkName, KindRequirement>
        {
            [NetworkName.Localnet] = KindRequirement.Of("localnet", 2, 10, 2, 5, TimeSpan.FromMinutes(5)),
            [NetworkName.Testnet] = KindRequirement.Of("testnet", 8, 50, 4, 20, TimeSpan.FromMinutes(15)),
            [NetworkName.Mainnet] = KindRequirement.Of("mainnet", 32, 200, 8, 90, TimeSpan.FromMinutes(30), tee: true),
        },
    };
}
