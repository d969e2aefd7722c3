using System.Globalization;
using System.Numerics;
using Jeju.Infra.Core;
using Nethereum.Model;

namespace Jeju.Infra.Chain;

/// <summary>A transaction on its way: one nonce, and every hash under which it was sent.</summary>
internal sealed class PendingTransaction(ContractCall call, ulong gas)
{
    internal ContractCall Call => call;

    internal ulong Gas => gas;

    internal ulong Nonce { get; set; }

    internal FeeQuote Fee { get; private set; } = new(0, 0);

    internal string Raw { get; private set; } = string.Empty;

    internal List<Bytes32> Hashes { get; } = [];

    internal ulong SentAtBlock { get; set; }

    internal TransactionReceipt? Receipt { get; set; }

    /// <summary>Whether the node had it at the last look.</summary>
    internal bool IsKnown { get; set; }

    /// <summary>Whether a settled block holds another transaction with its nonce.</summary>
    internal bool IsSuperseded { get; set; }

    internal static PendingTransaction FromJournal(JournalEntry entry, ulong block)
    {
        PendingTransaction transaction = new(entry.ToCall(), entry.Gas)
        {
            Nonce = entry.Nonce,
            SentAtBlock = block,
            Raw = entry.Raw,
            Fee = new FeeQuote(
                BigInteger.Parse(entry.MaximumFee, CultureInfo.InvariantCulture), BigInteger.Parse(entry.PriorityFee, CultureInfo.InvariantCulture)),
        };
        transaction.Hashes.Add(Bytes32.Parse(entry.Hash));
        return transaction;
    }

    internal async Task SignAsync(ISigner signer, ChainId chain, FeeQuote fee, CancellationToken cancellationToken)
    {
        Fee = fee;
        Transaction1559 transaction = new(
            chain.Value, Nonce, fee.PriorityFee, fee.MaximumFee, gas, call.To?.ToString() ?? string.Empty, call.Value, Hex.Data(call.Data), []);
        RecoverableSignature signature = await signer.SignAsync(new UnsignedTransaction(transaction, call.Description), cancellationToken).ConfigureAwait(false);
        transaction.SetSignature(new Signature(signature.R, signature.S, [signature.Parity]));
        byte[] encoded = transaction.GetRLPEncoded();
        if (encoded.Length > TransactionPipelineOptions.MaximumBytes)
        {
            throw new InfraException(
                ChainErrors.TransactionLimitCode,
                $"{call.Description} makes a transaction of {encoded.Length} bytes; nodes take at most {TransactionPipelineOptions.MaximumBytes}.",
                "Split the call, or make the contract's code smaller.");
        }

        Raw = Hex.Data(encoded);
        Hashes.Add(Keccak.Hash(encoded));
    }

    internal JournalEntry ToJournal() => new(
        Nonce,
        Hashes[^1].ToString(),
        Raw,
        call.Description,
        call.To?.ToString(),
        Hex.Data(call.Data),
        call.Value.ToString(CultureInfo.InvariantCulture),
        gas,
        Fee.MaximumFee.ToString(CultureInfo.InvariantCulture),
        Fee.PriorityFee.ToString(CultureInfo.InvariantCulture));
}

/// <summary>The fees of a transaction.</summary>
/// <param name="MaximumFee">The most it pays per gas, in wei.</param>
/// <param name="PriorityFee">The part of it that goes to the block's producer.</param>
internal sealed record FeeQuote(BigInteger MaximumFee, BigInteger PriorityFee)
{
    // Room for the base fee to rise by an eighth in each of five full blocks.
    private const int Headroom = 2;

    // What pays so much more than is asked waits for another reason than its price.
    private const int Far = 8;

    internal static FeeQuote For(BigInteger baseFee, BigInteger priorityFee) => new((baseFee * Headroom) + priorityFee, priorityFee);

    /// <summary>
    /// Fees that replace those of a waiting transaction: nodes ask for a tenth more, on both. Null where it pays so much more than this quote that
    /// paying still more would change nothing.
    /// </summary>
    internal FeeQuote? Above(FeeQuote waiting) => waiting.MaximumFee > MaximumFee * Far
        ? null
        : new(BigInteger.Max(MaximumFee, Raised(waiting.MaximumFee)), BigInteger.Max(PriorityFee, Raised(waiting.PriorityFee)));

    private static BigInteger Raised(BigInteger fee) => (fee * 5 / 4) + 1;
}
