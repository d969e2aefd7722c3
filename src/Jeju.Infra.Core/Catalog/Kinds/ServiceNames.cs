namespace Jeju.Infra.Core.Catalog.Kinds;

/// <summary>The services of the stake allocation ledger: a provider node locks stake once per service, not once per kind.</summary>
internal static class ServiceNames
{
    public const string Database = "database";
    public const string ExternalChain = "external-chain";
    public const string Storage = "storage";
    public const string Compute = "compute";
    public const string Cdn = "cdn";
    public const string Oracle = "oracle";
    public const string Bridge = "bridge";
    public const string Vpn = "vpn";
    public const string ChainService = "chain-service";
}
