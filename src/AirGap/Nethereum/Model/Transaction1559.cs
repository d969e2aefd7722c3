using System.Numerics;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Nethereum.Model;

/// <summary>An address and the storage slots that a transaction announces.</summary>
public class AccessListItem
{
    public AccessListItem(string address, List<byte[]> storageKeys)
    {
        Address = address;
        StorageKeys = storageKeys;
    }

    public string Address { get; set; }

    public List<byte[]> StorageKeys { get; set; }
}

/// <summary>A transaction with a priority fee (EIP-1559).</summary>
public class Transaction1559 : SignedTypeTransaction
{
    public Transaction1559(
        BigInteger chainId,
        BigInteger? nonce,
        BigInteger? maxPriorityFeePerGas,
        BigInteger? maxFeePerGas,
        BigInteger? gasLimit,
        string receiverAddress,
        BigInteger? amount,
        string data,
        List<AccessListItem> accessList)
    {
        ChainId = chainId;
        Nonce = nonce;
        MaxPriorityFeePerGas = maxPriorityFeePerGas;
        MaxFeePerGas = maxFeePerGas;
        GasLimit = gasLimit;
        ReceiverAddress = receiverAddress;
        Amount = amount;
        Data = data;
        AccessList = accessList;
    }

    public BigInteger ChainId { get; }

    public BigInteger? Nonce { get; }

    public BigInteger? MaxPriorityFeePerGas { get; }

    public BigInteger? MaxFeePerGas { get; }

    public BigInteger? GasLimit { get; }

    public string ReceiverAddress { get; }

    public BigInteger? Amount { get; }

    public string Data { get; }

    public List<AccessListItem> AccessList { get; }

    public override TransactionType TransactionType => TransactionType.EIP1559;

    public override byte[] GetRLPEncoded() => Encode(
    [
        .. Body(),
        RlpEncoder.Number(new BigInteger(Signature.V, isUnsigned: true, isBigEndian: true)),
        RlpEncoder.Number(new BigInteger(Signature.R, isUnsigned: true, isBigEndian: true)),
        RlpEncoder.Number(new BigInteger(Signature.S, isUnsigned: true, isBigEndian: true)),
    ]);

    public override byte[] GetRLPEncodedRaw() => Encode(Body());

    private byte[] Encode(byte[][] elements) => [(byte)TransactionType, .. RlpEncoder.List(elements)];

    private byte[][] Body() =>
    [
        RlpEncoder.Number(ChainId),
        RlpEncoder.Number(Nonce ?? 0),
        RlpEncoder.Number(MaxPriorityFeePerGas ?? 0),
        RlpEncoder.Number(MaxFeePerGas ?? 0),
        RlpEncoder.Number(GasLimit ?? 0),
        RlpEncoder.Bytes((ReceiverAddress ?? "").HexToByteArray()),
        RlpEncoder.Number(Amount ?? 0),
        RlpEncoder.Bytes((Data ?? "").HexToByteArray()),
        RlpEncoder.List((AccessList ?? []).Select(item => RlpEncoder.List(
            RlpEncoder.Bytes(item.Address.HexToByteArray()),
            RlpEncoder.List(item.StorageKeys.Select(RlpEncoder.Bytes).ToArray()))).ToArray()),
    ];
}
