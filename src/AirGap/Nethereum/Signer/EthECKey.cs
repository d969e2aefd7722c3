using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Security;

namespace Nethereum.Signer;

/// <summary>A secp256k1 key with Ethereum's address and recoverable signatures.</summary>
public class EthECKey
{
    private const int KeySize = 32;
    private const byte RecoveryOffset = 27;
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly ECDomainParameters Domain = new(Curve.Curve, Curve.G, Curve.N, Curve.H);
    private static readonly BigInteger HalfOrder = Domain.N.ShiftRight(1);
    private readonly BigInteger _private;
    private readonly ECPoint _public;

    public EthECKey(string privateKey) : this(privateKey.HexToByteArray(), isPrivate: true)
    {
    }

    public EthECKey(byte[] vch, bool isPrivate)
    {
        if (!isPrivate)
        {
            _public = Domain.Curve.DecodePoint(vch).Normalize();
            return;
        }

        _private = new BigInteger(1, vch);
        if (_private.SignValue == 0 || _private.CompareTo(Domain.N) >= 0)
        {
            throw new ArgumentException("A private key is a number between 1 and the order of the curve.", nameof(vch));
        }

        _public = Domain.G.Multiply(_private).Normalize();
    }

    public static EthECKey GenerateKey()
    {
        var random = new SecureRandom();
        BigInteger number;
        do
        {
            number = new BigInteger(Domain.N.BitLength, random);
        }
        while (number.SignValue == 0 || number.CompareTo(Domain.N) >= 0);

        return new EthECKey(Pad(number), isPrivate: true);
    }

    public byte[] GetPrivateKeyAsBytes() => Pad(_private);

    public byte[] GetPubKey(bool compresseed = false) => _public.GetEncoded(compresseed);

    public byte[] GetPubKeyNoPrefix(bool compressed = false) => GetPubKey(compressed)[1..];

    public byte[] GetPublicAddressAsBytes() => Sha3Keccack.Current.CalculateHash(GetPubKeyNoPrefix())[12..];

    public string GetPublicAddress() => AddressUtil.Current.ConvertToChecksumAddress(GetPublicAddressAsBytes());

    /// <summary>Signs with V = 27 or 28, as contracts and messages want it.</summary>
    public EthECDSASignature SignAndCalculateV(byte[] hash) => Sign(hash, RecoveryOffset);

    /// <summary>Signs with V = 0 or 1, as typed transactions want it.</summary>
    public EthECDSASignature SignAndCalculateYParityV(byte[] hash) => Sign(hash, 0);

    /// <summary>The key that made a signature with V = 27 or 28.</summary>
    public static EthECKey RecoverFromSignature(EthECDSASignature signature, byte[] hash)
        => RecoverFromSignature(signature, signature.V[0] >= RecoveryOffset ? signature.V[0] - RecoveryOffset : signature.V[0], hash);

    public static EthECKey RecoverFromSignature(EthECDSASignature signature, int recId, byte[] hash)
    {
        var r = new BigInteger(1, signature.R);
        var s = new BigInteger(1, signature.S);
        var x = r.Add(Domain.N.Multiply(BigInteger.ValueOf(recId / 2)));
        if (x.CompareTo(Curve.Curve.Field.Characteristic) >= 0)
        {
            return null;
        }

        var point = Domain.Curve.DecodePoint([(byte)(2 + (recId & 1)), .. Pad(x)]);
        var inverse = r.ModInverse(Domain.N);
        var first = inverse.Multiply(new BigInteger(1, hash)).Negate().Mod(Domain.N);
        var second = inverse.Multiply(s).Mod(Domain.N);
        var key = ECAlgorithms.SumOfTwoMultiplies(Domain.G, first, point, second).Normalize();
        return new EthECKey(key.GetEncoded(false), isPrivate: false);
    }

    private EthECDSASignature Sign(byte[] hash, byte offset)
    {
        // RFC 6979: the nonce follows from key and hash, so one hash has one signature.
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, new ECPrivateKeyParameters(_private, Domain));
        var parts = signer.GenerateSignature(hash);
        var s = parts[1].CompareTo(HalfOrder) > 0 ? Domain.N.Subtract(parts[1]) : parts[1];
        for (var id = 0; id < 4; id++)
        {
            var signature = new EthECDSASignature(parts[0], s, [(byte)(offset + id)]);
            if (_public.Equals(RecoverFromSignature(signature, id, hash)?._public))
            {
                return signature;
            }
        }

        throw new InvalidOperationException("The signature does not recover to its key.");
    }

    private static byte[] Pad(BigInteger number)
    {
        var bytes = number.ToByteArrayUnsigned();
        return [.. new byte[KeySize - bytes.Length], .. bytes];
    }
}
