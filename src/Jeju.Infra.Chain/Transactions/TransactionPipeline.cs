using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>
/// Sends the transactions of one key. Nonces are counted here, so that many transactions fit into one block; they travel in batches, are
/// written to the journal before they leave, and every one is followed to its receipt: sent again when the node dropped it, paid better when
/// fees rose. One pipeline per key and process.
/// </summary>
public sealed partial class TransactionPipeline : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly ChainClient _chain;
    private readonly ISigner _signer;
    private readonly TransactionJournal _journal;
    private readonly TransactionPipelineOptions _options;
    private readonly GasEstimator _gas;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private ulong _nextNonce;

    private TransactionPipeline(ChainClient chain, ISigner signer, TransactionJournal journal, TransactionPipelineOptions options)
    {
        _chain = chain;
        _signer = signer;
        _journal = journal;
        _options = options;
        _gas = new GasEstimator(chain);
    }

    /// <summary>Raised for each transaction when it is sent and when it is done; for progress displays.</summary>
    public event Action<TransactionProgress>? Progress;

    /// <summary>The account that sends.</summary>
    public Address Account => _signer.Address;

    /// <summary>The chain it sends to.</summary>
    public ChainClient Chain => _chain;

    /// <summary>How many transactions were asked of this pipeline and sent, for those who promise to send none.</summary>
    public int SentCount { get; private set; }

    /// <summary>
    /// Opens the pipeline of a key, and first settles what an earlier process left behind: transactions that a node took and that no block
    /// holds (they wait, or a rollback lost them) are sent again in their order and waited for.
    /// </summary>
    public static async Task<TransactionPipeline> OpenAsync(
        ChainClient chain, ISigner signer, TransactionJournal journal, TransactionPipelineOptions options, CancellationToken cancellationToken)
    {
        TransactionPipeline pipeline = new(chain, signer, journal, options);
        await pipeline.RecoverAsync(cancellationToken).ConfigureAwait(false);
        return pipeline;
    }

    /// <summary>Sends one call and waits until it is done.</summary>
    /// <exception cref="InfraException">JEJU0306 the contract refused; JEJU0307 above a limit; JEJU0308 cannot pay.</exception>
    public async Task<TransactionReceipt> SendAsync(ContractCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<TransactionReceipt> receipts = await SendAsync([call], cancellationToken).ConfigureAwait(false);
        return receipts[0];
    }

    /// <summary>
    /// Sends calls in their order and waits until all are done; as many as fit share a block. A call may rely on those before it. If one
    /// fails on chain, the others are still waited for, and then the first failure is thrown.
    /// </summary>
    public async Task<IReadOnlyList<TransactionReceipt>> SendAsync(IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken)
    {
        List<TransactionReceipt> receipts = new(calls.Count);
        while (receipts.Count < calls.Count)
        {
            IReadOnlyList<ContractCall> rest = [.. calls.Skip(receipts.Count)];
            IReadOnlyList<ulong?> limits = await _gas.EstimateAsync(Account, rest, cancellationToken).ConfigureAwait(false);
            List<PendingTransaction> batch = [.. rest.Zip(limits).TakeWhile(pair => pair.Second is not null)
                .Select(pair => new PendingTransaction(pair.First, pair.Second.GetValueOrDefault()))];
            RequireGasLimit(batch);
            for (IReadOnlyList<PendingTransaction> unsent = batch; unsent.Count > 0;)
            {
                await SubmitAsync(unsent, cancellationToken).ConfigureAwait(false);
                unsent = await WaitAsync(unsent, cancellationToken).ConfigureAwait(false);
            }

            foreach (PendingTransaction transaction in batch)
            {
                receipts.Add(await RequireSuccessAsync(transaction, cancellationToken).ConfigureAwait(false));
            }
        }

        return receipts;
    }

    /// <inheritdoc/>
    public void Dispose() => _sending.Dispose();

    private static void RequireGasLimit(List<PendingTransaction> batch)
    {
        if (batch.Find(transaction => transaction.Gas > TransactionPipelineOptions.MaximumGas) is { } tooLarge)
        {
            throw new InfraException(
                ChainErrors.TransactionLimitCode,
                $"{tooLarge.Call.Description} needs {tooLarge.Gas} gas; a transaction may have at most {TransactionPipelineOptions.MaximumGas}.",
                "Split the call into smaller ones.");
        }
    }

    /// <summary>
    /// Sends a batch. A nonce that another process took first is no failure of the call: it is given the next one, after a pause of random
    /// length, because two processes in step would meet again each time. In the pause others may send with this key.
    /// </summary>
    private async Task SubmitAsync(IReadOnlyList<PendingTransaction> batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<PendingTransaction> unsent = batch;
        long started = _chain.Time.GetTimestamp();
        TimeSpan pause = TimeSpan.FromMilliseconds(10);
        while (true)
        {
            IReadOnlyList<Refusal> refusals = await SubmitOnceAsync(unsent, cancellationToken).ConfigureAwait(false);
            if (refusals.Count == 0)
            {
                break;
            }

            if (refusals.FirstOrDefault(refusal => !IsNonceConflict(refusal.Error)
                || _chain.Time.GetElapsedTime(started) >= _options.ConflictPatience) is { } final)
            {
                throw Refused(final.Transaction.Call.Description, final.Error);
            }

            await Task.Delay(pause * (RandomNumberGenerator.GetInt32(1, 1000) / 1000d), _chain.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            unsent = [.. refusals.Select(refusal => refusal.Transaction)];
        }

        foreach (PendingTransaction transaction in batch)
        {
            Progress?.Invoke(new TransactionProgress(transaction.Call.Description, transaction.Hashes[^1], null));
        }
    }

    /// <summary>Gives nonces and fees, signs, writes the journal, and sends in one batch. The result is what the node did not take.</summary>
    private async Task<IReadOnlyList<Refusal>> SubmitOnceAsync(IReadOnlyList<PendingTransaction> unsent, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            AccountState state = await ReadStateAsync(cancellationToken).ConfigureAwait(false);
            await ReplayLostAsync(state, cancellationToken).ConfigureAwait(false);
            RequireFunds(unsent, state);
            _nextNonce = Math.Max(_nextNonce, state.PendingNonce);
            for (int index = 0; index < unsent.Count; index++)
            {
                PendingTransaction transaction = unsent[index];
                transaction.Nonce = _nextNonce + (ulong)index;
                transaction.SentAtBlock = state.Block;
                transaction.Hashes.Clear();
                transaction.IsSuperseded = false;
                await transaction.SignAsync(_signer, _chain.Identity.ChainId, state.Fee, cancellationToken).ConfigureAwait(false);
            }

            IReadOnlyList<Refusal> refusals = await BroadcastAsync(unsent, mayBeKnown: false, cancellationToken).ConfigureAwait(false);
            SentCount += unsent.Count - refusals.Count;

            // Where another process used the key in between, the node counts its transactions now, and is asked again.
            _nextNonce = refusals.Count == 0 ? _nextNonce + (ulong)unsent.Count : 0;
            return refusals;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Writes the journal, sends, and notes what the node took. The result is what it did not take.</summary>
    /// <param name="batch">Signed transactions.</param>
    /// <param name="mayBeKnown">
    /// Whether the node may have them already. At the first sending it may not: then another process made the very same one, which is its own.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<IReadOnlyList<Refusal>> BroadcastAsync(
        IReadOnlyList<PendingTransaction> batch, bool mayBeKnown, CancellationToken cancellationToken)
    {
        await _journal.WriteAsync([.. batch.Select(transaction => transaction.ToJournal())], cancellationToken).ConfigureAwait(false);
        IReadOnlyList<RpcReply> replies = await _chain.SendAsync(
            [.. batch.Select(transaction => new RpcCall("eth_sendRawTransaction", transaction.Raw))], cancellationToken).ConfigureAwait(false);
        List<string> taken = [];
        List<Refusal> refusals = [];
        for (int index = 0; index < batch.Count; index++)
        {
            if (replies[index].Error is { } error && !(mayBeKnown && IsAlreadyKnown(error)))
            {
                refusals.Add(new Refusal(batch[index], error));
            }
            else
            {
                taken.Add(batch[index].Hashes[^1].ToString());
            }
        }

        if (taken.Count > 0)
        {
            await _journal.NoteTakenAsync(taken).ConfigureAwait(false);
        }

        return refusals;
    }

    private async Task<AccountState> ReadStateAsync(CancellationToken cancellationToken)
    {
        string account = Account.ToString();
        IReadOnlyList<RpcReply> replies = await _chain.SendAsync(
            [
                new RpcCall("eth_getBlockByNumber", "latest", false),
                new RpcCall("eth_maxPriorityFeePerGas"),
                new RpcCall("eth_getTransactionCount", account, "latest"),
                new RpcCall("eth_getTransactionCount", account, "pending"),
                new RpcCall("eth_getBalance", account, "latest"),
            ],
            cancellationToken).ConfigureAwait(false);
        JsonElement block = replies[0].Required;
        BigInteger[] numbers = [.. replies.Skip(1).Select(reply => Hex.Number(reply.Required.GetString() ?? "0x0"))];
        FeeQuote fee = FeeQuote.For(block.Has("baseFeePerGas") ? block.Number("baseFeePerGas") : 0, numbers[0]);
        return new AccountState(block.Count("number"), fee, (ulong)numbers[1], (ulong)numbers[2], numbers[3]);
    }

    private void RequireFunds(IReadOnlyList<PendingTransaction> batch, AccountState state)
    {
        BigInteger needed = batch.Aggregate(
            BigInteger.Zero, (sum, transaction) => sum + (transaction.Gas * state.Fee.MaximumFee) + transaction.Call.Value);
        if (needed > state.Balance)
        {
            throw new InfraException(
                ChainErrors.InsufficientFundsCode,
                $"The account {Account.ToChecksumText()} holds {state.Balance} wei; {batch[0].Call.Description}"
                    + (batch.Count > 1 ? $" and {batch.Count - 1} more calls" : string.Empty) + $" may cost up to {needed} wei.",
                "Send it some of the chain's native coin and run the command again.");
        }
    }

    private static InfraException Refused(string description, RpcException refusal) => new(
        ChainErrors.RefusedTransactionCode,
        $"The node did not take {description}: {refusal.NodeMessage}.",
        "Run the command again; if it stays, the node's own log tells more.",
        innerException: refusal);

    private static bool IsAlreadyKnown(RpcException error) => Says(error, "already known") || Says(error, "already imported");

    private static bool IsNonceConflict(RpcException error) =>
        IsAlreadyKnown(error) || Says(error, "nonce") || Says(error, "replacement") || Says(error, "underpriced") || Says(error, "max fee per gas");

    private static bool Says(RpcException error, string words) => error.NodeMessage.Contains(words, StringComparison.OrdinalIgnoreCase);

    private sealed record Refusal(PendingTransaction Transaction, RpcException Error);

    private sealed record AccountState(ulong Block, FeeQuote Fee, ulong MinedNonce, ulong PendingNonce, BigInteger Balance);
}
