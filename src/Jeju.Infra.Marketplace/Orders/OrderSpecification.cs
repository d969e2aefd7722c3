using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Orders;

/// <summary>What a consumer orders. The offer is either named, or found by price, region, TEE and canonicity and then checked on chain.</summary>
public sealed record OrderSpecification
{
    /// <summary>The consumer's own name for the order: the same salt is the same order, never a second one.</summary>
    public required Bytes32 Salt { get; init; }

    /// <summary>The kind of service.</summary>
    public required ServiceKind Kind { get; init; }

    /// <summary>The environment, which says for which network of the kind.</summary>
    public required NetworkName Network { get; init; }

    /// <summary>Hours paid for in advance, 1 to 720; what is not used comes back.</summary>
    public uint LeaseHours { get; init; } = 168;

    /// <summary>The most per hour, in the payment token's smallest unit, for this offer and every replacement. Absent: the price of the chosen offer.</summary>
    public TokenAmount? MaximumPricePerHour { get; init; }

    /// <summary>The offer; absent to take the cheapest that fits.</summary>
    public Bytes32? OfferId { get; init; }

    /// <summary>The provider node that shall serve; absent for any. Narrows the choice of an offer.</summary>
    public Bytes32? NodeId { get; init; }

    /// <summary>The region; absent for any.</summary>
    public string? Region { get; init; }

    /// <summary>Whether a TEE is wished even where the kind does not require one.</summary>
    public bool WantsTee { get; init; }

    /// <summary>Whether only canonical provider nodes may serve.</summary>
    public bool OnlyCanonical { get; init; }

    /// <summary>Whether another node may take over.</summary>
    public ExternalChainProviderTypes.FailoverPolicy Failover { get; init; }

    /// <summary>The standby order or backup that a stateful kind is restored from.</summary>
    public Bytes32 RestoreFrom { get; init; } = Bytes32.Zero;

    /// <summary>The consumer's X25519 public key.</summary>
    public required Bytes32 EncryptionKey { get; init; }

    /// <summary>All that is wrong, as property and reason.</summary>
    public IReadOnlyList<(string Property, string Reason)> Check()
    {
        List<(string, string)> failures = [];
        if (LeaseHours is < 1 or > 720)
        {
            failures.Add(("leaseHours", $"{LeaseHours} must be 1 to 720."));
        }

        if (!Kind.Requirements.ContainsKey(Network))
        {
            failures.Add(("kind", $"'{Kind.Name}' is not offered on {Network.ToString().ToLowerInvariant()}."));
        }

        if (Region is { Length: 0 or > Bytes32.Length })
        {
            failures.Add(("region", $"'{Region}' must have 1 to {Bytes32.Length} characters."));
        }

        if (Kind.IsStateful && Failover == ExternalChainProviderTypes.FailoverPolicy.Automatic)
        {
            failures.Add(("failover", $"'{Kind.Name}' holds data: it fails over only to a standby or a backup ('restore'), never to an empty store."));
        }

        if (Failover == ExternalChainProviderTypes.FailoverPolicy.Restore && RestoreFrom.IsZero)
        {
            failures.Add(("restoreFrom", "must name the standby order or backup when failover is 'restore'."));
        }

        if (EncryptionKey.IsZero)
        {
            failures.Add(("encryptionKey", "must be an X25519 public key."));
        }

        return failures;
    }
}

/// <summary>An order that stands on chain.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Generation">Its generation under its salt.</param>
/// <param name="NodeId">The provider node that serves it.</param>
/// <param name="OfferId">The offer.</param>
/// <param name="PricePerHour">In the payment token's smallest unit.</param>
/// <param name="Deposit">What went into escrow, in the payment token's smallest unit.</param>
/// <param name="WasAdopted">Whether an earlier run of ours had placed it.</param>
public sealed record PlacedOrder(
    Bytes32 OrderId, ulong Generation, Bytes32 NodeId, Bytes32 OfferId, TokenAmount PricePerHour, TokenAmount Deposit, bool WasAdopted);

/// <summary>An order that serves.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Endpoint">Where it answers, read from the chain.</param>
/// <param name="Credentials">How to log in.</param>
public sealed record ReadyOrder(Bytes32 OrderId, ServiceEndpoint Endpoint, ServiceCredentials Credentials);

/// <summary>What became of the money of an order that was ended.</summary>
/// <param name="WasLive">Whether it had not ended already.</param>
/// <param name="Paid">To the provider node so far, in the payment token's smallest unit.</param>
/// <param name="Refunded">To the consumer's credits so far, in the payment token's smallest unit.</param>
/// <param name="InDispute">Still in escrow until the objection window is over, in the payment token's smallest unit.</param>
public sealed record OrderEnding(bool WasLive, TokenAmount Paid, TokenAmount Refunded, TokenAmount InDispute);
