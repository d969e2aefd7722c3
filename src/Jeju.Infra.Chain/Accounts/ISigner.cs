using System.Globalization;
using System.Numerics;
using Jeju.Infra.Core;
using Nethereum.Model;

namespace Jeju.Infra.Chain;

/// <summary>A signature over a 32-byte hash.</summary>
/// <param name="R">32 bytes.</param>
/// <param name="S">32 bytes, in the lower half of the order.</param>
/// <param name="Parity">0 or 1.</param>
public sealed record RecoverableSignature(byte[] R, byte[] S, byte Parity)
{
    /// <summary>The 65 bytes that contracts take: R, S, and 27 or 28.</summary>
    public byte[] ToBytes() => [.. R, .. S, (byte)(27 + Parity)];
}

/// <summary>A transaction before its signature. The hash is computed from the very transaction whose target and value are shown here.</summary>
public sealed class UnsignedTransaction
{
    internal UnsignedTransaction(Transaction1559 transaction, string description)
    {
        Target = Address.TryParse(transaction.ReceiverAddress, out Address target) ? target : null;
        Value = transaction.Amount ?? BigInteger.Zero;
        Hash = Bytes32.FromBytes(transaction.RawHash);
        Description = description;
    }

    /// <summary>Whom it calls or pays; absent where it creates a contract.</summary>
    public Address? Target { get; }

    /// <summary>The native coin it sends, in wei.</summary>
    public BigInteger Value { get; }

    /// <summary>What is signed.</summary>
    public Bytes32 Hash { get; }

    /// <summary>What it does, for people.</summary>
    public string Description { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Description} ({Value} wei to {Target?.ToChecksumText() ?? "a new contract"})");
}

/// <summary>
/// Something that can sign for an account: a key in memory, a key store, a cloud's key service. It never gives the key away.
/// </summary>
public interface ISigner
{
    /// <summary>The account.</summary>
    Address Address { get; }

    /// <summary>Signs a hash.</summary>
    ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken);

    /// <summary>Signs a transaction. Rules about targets and values are applied here, before anything is signed.</summary>
    ValueTask<RecoverableSignature> SignAsync(UnsignedTransaction transaction, CancellationToken cancellationToken) =>
        SignAsync(transaction.Hash, cancellationToken);
}
