using Jeju.Infra.Core;
using Nethereum.Signer;

namespace Jeju.Infra.Chain;

/// <summary>A key in this process's memory.</summary>
public sealed class SoftwareSigner : ISigner
{
    private readonly EthECKey _key;

    private SoftwareSigner(EthECKey key)
    {
        _key = key;
        Address = Address.FromBytes(key.GetPublicAddressAsBytes());
    }

    /// <inheritdoc/>
    public Address Address { get; }

    /// <summary>Takes a key for use on one chain. The well-known keys of Anvil are refused everywhere but on chain 31337.</summary>
    /// <param name="privateKey">32 bytes in hexadecimal, with or without <c>0x</c>. It appears in no message.</param>
    /// <param name="chain">The chain on which it will sign.</param>
    /// <exception cref="InfraException">JEJU0304: a development key on another chain; JEJU0305: not a private key.</exception>
    public static SoftwareSigner Create(string privateKey, ChainId chain)
    {
        if (!Bytes32.TryParse(privateKey?.Trim(), out Bytes32 bytes) || bytes.IsZero)
        {
            throw new InfraException(
                ChainErrors.InvalidKeyCode,
                "The private key is not 64 hexadecimal digits.",
                "Give the key as 0x and 64 digits; the value itself is not shown.",
                FailureKind.Usage);
        }

        SoftwareSigner signer;
        try
        {
            signer = new SoftwareSigner(new EthECKey(bytes.ToString()));
        }
        catch (ArgumentException exception)
        {
            throw new InfraException(
                ChainErrors.InvalidKeyCode, "The private key is outside the curve's range.", "Use another key.", FailureKind.Usage, exception);
        }

        if (chain != ChainId.Anvil && AnvilAccounts.IsWellKnown(signer.Address))
        {
            throw new InfraException(
                ChainErrors.DevelopmentKeyCode,
                $"The key of {signer.Address.ToChecksumText()} is one of Anvil's published development keys and was given for chain {chain}.",
                $"Use a key of your own. Development keys are accepted on chain {ChainId.Anvil} alone, because anybody can spend from them.",
                FailureKind.Refused);
        }

        return signer;
    }

    /// <summary>A new key for one process, for example of a heartbeat or a test.</summary>
    public static SoftwareSigner Generate() => new(EthECKey.GenerateKey());

    /// <summary>The key itself, to be stored as a secret.</summary>
    public byte[] ExportPrivateKey() => _key.GetPrivateKeyAsBytes();

    /// <inheritdoc/>
    public ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EthECDSASignature signature = _key.SignAndCalculateYParityV(hash.ToBytes());
        return ValueTask.FromResult(new RecoverableSignature(signature.R, signature.S, signature.V[0]));
    }
}
