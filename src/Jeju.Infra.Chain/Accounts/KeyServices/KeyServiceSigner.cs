using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using Jeju.Infra.Core;
using Nethereum.Signer;

namespace Jeju.Infra.Chain.KeyServices;

/// <summary>One key of a key service.</summary>
internal interface IKeyService
{
    /// <summary>The service and the key, for messages.</summary>
    string Name { get; }

    /// <summary>The public key as SubjectPublicKeyInfo, DER.</summary>
    Task<byte[]> ReadPublicKeyAsync(CancellationToken cancellationToken);

    /// <summary>Signs a 32-byte digest; the signature is a DER sequence of two integers.</summary>
    Task<byte[]> SignDigestAsync(byte[] digest, CancellationToken cancellationToken);
}

/// <summary>
/// A signer whose key is in a key service. The service knows nothing of Ethereum: its signatures are brought into the lower half of the order
/// here, and the recovery bit is found by trying both.
/// </summary>
internal sealed class KeyServiceSigner : ISigner
{
    private const string EllipticCurveKey = "1.2.840.10045.2.1";
    private const string Secp256k1 = "1.3.132.0.10";
    private const int UncompressedPointLength = 65;

    private static readonly BigInteger Order = BigInteger.Parse(
        "00fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly IKeyService _service;

    private KeyServiceSigner(IKeyService service, EthECKey publicKey)
    {
        _service = service;
        Address = Address.FromBytes(publicKey.GetPublicAddressAsBytes());
    }

    public Address Address { get; }

    public async ValueTask<RecoverableSignature> SignAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        byte[] der = await _service.SignDigestAsync(hash.ToBytes(), cancellationToken).ConfigureAwait(false);
        (BigInteger r, BigInteger s) = ReadSignature(der);
        byte[] first = ToFixed(r);
        byte[] second = ToFixed(BigInteger.Min(s, Order - s));
        for (byte parity = 0; parity < 2; parity++)
        {
            EthECDSASignature candidate = EthECDSASignatureFactory.FromComponents(first, second, [parity]);
            if (EthECKey.RecoverFromSignature(candidate, parity, hash.ToBytes()) is { } key && Address.FromBytes(key.GetPublicAddressAsBytes()) == Address)
            {
                return new RecoverableSignature(first, second, parity);
            }
        }

        throw new InfraException(
            ChainErrors.KeyServiceCode,
            $"{_service.Name} gave a signature that is not the account's, {Address.ToChecksumText()}.",
            "Run the command again; if it stays, the key was changed behind its name. Nothing was sent.");
    }

    internal static async Task<KeyServiceSigner> OpenAsync(IKeyService service, CancellationToken cancellationToken) =>
        new(service, ReadPublicKey(await service.ReadPublicKeyAsync(cancellationToken).ConfigureAwait(false), service.Name));

    private static EthECKey ReadPublicKey(byte[] encoded, string name)
    {
        try
        {
            AsnReader info = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
            AsnReader algorithm = info.ReadSequence();
            bool isCurve = algorithm.ReadObjectIdentifier() == EllipticCurveKey && algorithm.ReadObjectIdentifier() == Secp256k1;
            byte[] point = info.ReadBitString(out _);
            return isCurve && point.Length == UncompressedPointLength ? new EthECKey(point, isPrivate: false) : throw Unsuitable(name, null);
        }
        catch (AsnContentException exception)
        {
            throw Unsuitable(name, exception);
        }
    }

    private (BigInteger R, BigInteger S) ReadSignature(byte[] der)
    {
        try
        {
            AsnReader sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            (BigInteger r, BigInteger s) = (sequence.ReadInteger(), sequence.ReadInteger());
            return r.Sign > 0 && r < Order && s.Sign > 0 && s < Order
                ? (r, s)
                : throw new AsnContentException("The numbers are not between 1 and the curve's order.");
        }
        catch (AsnContentException exception)
        {
            throw new InfraException(
                ChainErrors.KeyServiceCode, $"{_service.Name} gave no signature: {exception.Message}", "Run the command again. Nothing was sent.", innerException: exception);
        }
    }

    private static InfraException Unsuitable(string name, Exception? cause) => new(
        ChainErrors.UnsuitableKeyCode,
        $"{name} is not a key on the curve secp256k1 and cannot sign for Ethereum.",
        "Make one with key spec ECC_SECG_P256K1 (AWS) or algorithm EC_SIGN_SECP256K1_SHA256 (Google Cloud), for signing.",
        FailureKind.Usage,
        cause);

    private static byte[] ToFixed(BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Bytes32.Length - bytes.Length], .. bytes];
    }
}
