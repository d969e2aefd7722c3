using System.Globalization;
using System.Numerics;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>What a key may sign.</summary>
/// <param name="Targets">The contracts and accounts that its transactions may go to.</param>
/// <param name="MaximumValue">The most native coin that one transaction may send, in wei.</param>
public sealed record SigningLimits(IReadOnlySet<Address> Targets, BigInteger MaximumValue)
{
    /// <summary>What either of two limits allows.</summary>
    public SigningLimits Or(SigningLimits other) =>
        new(Targets.Concat(other.Targets).ToHashSet(), BigInteger.Max(MaximumValue, other.MaximumValue));
}

/// <summary>
/// A signer that signs transactions to known targets with a bounded value, and nothing else: whoever gets hold of the process cannot make the
/// key pay a stranger. It does not sign bare hashes, because any transaction could hide behind one.
/// </summary>
public sealed class LimitedSigner(ISigner signer, SigningLimits limits) : ISigner
{
    private volatile SigningLimits _limits = limits;

    /// <inheritdoc/>
    public Address Address => signer.Address;

    /// <summary>Allows what another resource needs that names the same key.</summary>
    public void Widen(SigningLimits further) => _limits = _limits.Or(further);

    /// <inheritdoc/>
    /// <exception cref="InfraException">JEJU0310: always.</exception>
    public ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken) => throw Refused(
        "a bare hash", "Sign a transaction: its target and value can be checked.");

    /// <inheritdoc/>
    /// <exception cref="InfraException">JEJU0310: the target is not on the list, or the value is above the maximum.</exception>
    public ValueTask<RecoverableSignature> SignAsync(UnsignedTransaction transaction, CancellationToken cancellationToken)
    {
        SigningLimits allowed = _limits;
        if (transaction.Target is not { } target || !allowed.Targets.Contains(target))
        {
            throw Refused(
                $"{transaction}: the target is not on the key's list",
                "If the call is meant, add its target to the signer's `targets`; if not, somebody tried to use the key for something else.");
        }

        return transaction.Value <= allowed.MaximumValue
            ? signer.SignAsync(transaction, cancellationToken)
            : throw Refused(
                string.Create(CultureInfo.InvariantCulture, $"{transaction}: it sends more than the key's maximum of {allowed.MaximumValue} wei"),
                "If the payment is meant, raise the signer's `maximumValue`.");
    }

    private InfraException Refused(string what, string remedy) => new(
        ChainErrors.SigningRefusedCode, $"The signer of {Address.ToChecksumText()} refuses {what}.", remedy, FailureKind.Refused);
}
