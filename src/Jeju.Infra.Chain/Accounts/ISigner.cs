using Jeju.Infra.Core;

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

/// <summary>
/// Something that can sign for an account: a key in memory, a key store, a cloud's key service. It never gives the key away.
/// </summary>
public interface ISigner
{
    /// <summary>The account.</summary>
    Address Address { get; }

    /// <summary>Signs a hash.</summary>
    ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken);
}
