using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Core;
using Nethereum.ABI.EIP712;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Signer;

namespace Jeju.Infra.Chain;

/// <summary>
/// What watchers sign: a typed message (EIP-712) that names chain, contract, order, placement and slots. It is computed here, never asked of a
/// node, which could have anything signed.
/// </summary>
public static class ProbeSignature
{
    private const int Length = 65;
    private const int RecoveryOffset = 27;

    /// <summary>The hash that is signed, as the contract's <c>probeDigest</c>.</summary>
    /// <param name="record">The slots of an order's placement that were not served.</param>
    /// <param name="chain">The settlement chain.</param>
    /// <param name="contract">The contract ExternalChainProvider.</param>
    public static Bytes32 HashOf(ExternalChainProviderTypes.ProbeRecord record, ChainId chain, Address contract)
    {
        TypedData<Domain> typed = new()
        {
            Domain = new Domain { Name = "ExternalChainProvider", Version = "1", ChainId = chain.Value, VerifyingContract = contract.ToString() },
            Types = MemberDescriptionFactory.GetTypesMemberDescription(typeof(Domain), typeof(Message)),
            PrimaryType = "ProbeRecord",
        };
        Message message = new() { OrderId = record.OrderId.ToBytes(), Placement = record.Placement, FirstSlot = record.FirstSlot, Slots = record.Slots };
        return Bytes32.FromBytes(Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(message, typed));
    }

    /// <summary>Whose signature it is; null where it is nobody's.</summary>
    /// <param name="hash">What was signed.</param>
    /// <param name="signature">65 bytes: R, S, and 27 or 28.</param>
    public static Address? FindSigner(Bytes32 hash, byte[] signature)
    {
        int parity = signature.Length == Length ? signature[^1] - RecoveryOffset : -1;
        if (parity is not (0 or 1))
        {
            return null;
        }

        EthECDSASignature parts = EthECDSASignatureFactory.FromComponents(signature[..Bytes32.Length], signature[Bytes32.Length..^1], [(byte)parity]);
        try
        {
            return EthECKey.RecoverFromSignature(parts, parity, hash.ToBytes()) is { } key ? Address.FromBytes(key.GetPublicAddressAsBytes()) : null;
        }
        catch (ArgumentException)
        {
            // R is no point of the curve: a stranger wrote the file.
            return null;
        }
    }

    [Struct("ProbeRecord")]
    private sealed class Message
    {
        [Parameter("bytes32", "orderId", 1)]
        public byte[] OrderId { get; set; } = [];

        [Parameter("uint32", "placement", 2)]
        public uint Placement { get; set; }

        [Parameter("uint32", "firstSlot", 3)]
        public uint FirstSlot { get; set; }

        [Parameter("uint32", "slots", 4)]
        public uint Slots { get; set; }
    }
}
