using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>
/// Which chain this is. Two chains with one id are told apart by their genesis: after a rollback both stay the same (a reorganisation), after
/// a reset the genesis differs and everything is ordered anew.
/// </summary>
/// <param name="ChainId">The EIP-155 id.</param>
/// <param name="Genesis">The hash of block 0.</param>
public sealed record ChainIdentity(ChainId ChainId, Bytes32 Genesis)
{
    /// <summary>Both parts as one word, for file names and labels: <c>31337-0a1b2c3d</c>.</summary>
    public string ShortName => $"{ChainId}-{Genesis.ToString()[2..10]}";

    /// <inheritdoc/>
    public override string ToString() => $"{ChainId}/{Genesis}";
}

/// <summary>A position in the chain from which events are followed.</summary>
/// <param name="Number">The last block that was dealt with.</param>
/// <param name="Hash">Its hash, which tells after a restart whether it is still part of the chain.</param>
public sealed record BlockCursor(ulong Number, Bytes32 Hash);

/// <summary>What is needed of a block.</summary>
/// <param name="Number">The height.</param>
/// <param name="Hash">The hash.</param>
/// <param name="ParentHash">The hash of the block before.</param>
/// <param name="Timestamp">Seconds since 1970, as contracts see them.</param>
/// <param name="BaseFee">The fee per gas that is burnt, in wei.</param>
/// <param name="GasLimit">The gas that fits into the block.</param>
/// <param name="GasUsed">The gas that its transactions used.</param>
public sealed record BlockHeader(
    ulong Number, Bytes32 Hash, Bytes32 ParentHash, ulong Timestamp, System.Numerics.BigInteger BaseFee, ulong GasLimit, ulong GasUsed)
{
    /// <summary>This block as a position.</summary>
    public BlockCursor Cursor => new(Number, Hash);
}

/// <summary>An event as the chain keeps it.</summary>
/// <param name="Address">The contract that emitted it.</param>
/// <param name="Topics">The event's hash and its indexed values.</param>
/// <param name="Data">The other values, ABI-encoded.</param>
/// <param name="BlockNumber">The block.</param>
/// <param name="BlockHash">The block's hash.</param>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="Index">The position in the block.</param>
public sealed record ChainLog(
    Address Address,
    IReadOnlyList<Bytes32> Topics,
    byte[] Data,
    ulong BlockNumber,
    Bytes32 BlockHash,
    Bytes32 TransactionHash,
    ulong Index);

/// <summary>What became of a transaction.</summary>
/// <param name="Hash">The transaction.</param>
/// <param name="BlockNumber">The block that holds it.</param>
/// <param name="BlockHash">The block's hash.</param>
/// <param name="Succeeded">Whether it took effect; a failed one paid its gas and nothing else happened.</param>
/// <param name="GasUsed">The gas it used.</param>
/// <param name="EffectiveGasPrice">The price per gas it paid, in wei.</param>
/// <param name="Logs">The events it emitted.</param>
public sealed record TransactionReceipt(
    Bytes32 Hash,
    ulong BlockNumber,
    Bytes32 BlockHash,
    bool Succeeded,
    ulong GasUsed,
    System.Numerics.BigInteger EffectiveGasPrice,
    IReadOnlyList<ChainLog> Logs)
{
    /// <summary>The events of one type that a contract emitted in this transaction.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="contract">The contract; any where absent.</param>
    public IEnumerable<TEvent> Events<TEvent>(Address? contract = null) where TEvent : IContractEvent<TEvent>
    {
        foreach (ChainLog log in Logs)
        {
            if ((contract is null || log.Address == contract) && log.TryDecode(out TEvent? decoded))
            {
                yield return decoded;
            }
        }
    }
}
