using Nethereum.Util;

namespace Nethereum.Model;

/// <summary>The kinds of transactions.</summary>
public enum TransactionType
{
    EIP1559 = 2,
}

/// <summary>A transaction that can carry a signature.</summary>
public interface ISignedTransaction
{
    TransactionType TransactionType { get; }

    ISignature Signature { get; }

    byte[] Hash { get; }

    byte[] RawHash { get; }

    byte[] GetRLPEncoded();

    byte[] GetRLPEncodedRaw();

    void SetSignature(ISignature signature);
}

/// <inheritdoc cref="ISignedTransaction"/>
public abstract class SignedTransaction : ISignedTransaction
{
    public abstract TransactionType TransactionType { get; }

    public virtual ISignature Signature { get; protected set; }

    public virtual byte[] Hash => Sha3Keccack.Current.CalculateHash(GetRLPEncoded());

    public virtual byte[] RawHash => Sha3Keccack.Current.CalculateHash(GetRLPEncodedRaw());

    public abstract byte[] GetRLPEncoded();

    public abstract byte[] GetRLPEncodedRaw();

    public abstract void SetSignature(ISignature signature);
}

/// <summary>A transaction of EIP-2718 with its type as the first byte.</summary>
public abstract class SignedTypeTransaction : SignedTransaction
{
    public override void SetSignature(ISignature signature) => Signature = signature;
}
