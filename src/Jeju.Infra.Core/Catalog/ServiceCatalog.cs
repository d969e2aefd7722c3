using Jeju.Infra.Core.Catalog.Kinds;

namespace Jeju.Infra.Core.Catalog;

/// <summary>All kinds of service that the marketplace knows.</summary>
public static class ServiceCatalog
{
    /// <summary>There is no kind of that name.</summary>
    public static readonly ErrorCode UnknownKind = new(501);

    /// <summary>The kind exists, but not in that environment.</summary>
    public static readonly ErrorCode KindNotOffered = new(502);

    /// <summary>The kinds, ordered by name.</summary>
    public static IReadOnlyList<ServiceKind> All { get; } = new[]
    {
        Postgres.Kind, Redis.Kind, Ipfs.Kind, Solana.Kind, Bitcoin.Kind, Cosmos.Kind, EvmChain.Kind, Compute.Kind, Storage.Kind, Cdn.Kind,
        Oracle.Kind, Bridge.Kind, Vpn.Kind, Indexer.Kind, Gateway.Kind, Bundler.Kind, FarcasterHub.Kind, CovenantSql.Kind, Messaging.Kind,
    }.OrderBy(kind => kind.Name, StringComparer.Ordinal).ToArray();

    /// <summary>The kind of a name.</summary>
    /// <exception cref="InfraException">JEJU0501: there is none; the message lists the valid ones.</exception>
    public static ServiceKind Find(string name) => All.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal))
        ?? throw new InfraException(
            UnknownKind,
            $"There is no service kind '{name}'.",
            $"Use one of: {string.Join(", ", All.Select(kind => kind.Name))}.",
            FailureKind.Usage);

    /// <summary>The kind of a name on chain, or null: the contract's catalog may be ahead of this build.</summary>
    public static ServiceKind? TryFind(Bytes32 id) => All.FirstOrDefault(kind => kind.Id == id);
}
