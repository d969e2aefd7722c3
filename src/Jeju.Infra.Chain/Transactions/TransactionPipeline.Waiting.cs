using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <content>Following transactions to their receipts, and bringing back lost ones.</content>
public sealed partial class TransactionPipeline
{
    // How far the nodes behind one address lie apart at most.
    private const int BlocksBetweenNodes = 10;

    /// <summary>Waits until all are done. The result is what never will be: another process with the same key took its nonce.</summary>
    private async Task<IReadOnlyList<PendingTransaction>> WaitAsync(IReadOnlyList<PendingTransaction> batch, CancellationToken cancellationToken)
    {
        long started = _chain.Time.GetTimestamp();
        long lastAnswer = started;
        Standstill standstill = new(_chain.Time, _options.StandstillPatience);
        long seen = 0;
        while (true)
        {
            seen = await WaitForChangeAsync(seen, cancellationToken).ConfigureAwait(false);
            try
            {
                if (await LookAsync(batch, standstill, cancellationToken).ConfigureAwait(false))
                {
                    List<PendingTransaction> superseded = [.. batch.Where(transaction => transaction.IsSuperseded)];
                    if (superseded.Count > 0)
                    {
                        // They are sent with another nonce, or by whoever decides anew: a rollback must not bring them back as well.
                        await _journal.NoteSupersededAsync([.. superseded.SelectMany(transaction => transaction.Hashes).Select(hash => hash.ToString())])
                            .ConfigureAwait(false);
                    }

                    return superseded;
                }

                lastAnswer = _chain.Time.GetTimestamp();
            }
            catch (InfraException exception) when (exception.Code == ChainErrors.UnreachableCode
                && _chain.Time.GetElapsedTime(lastAnswer) < _options.OutagePatience)
            {
                // The node may be restarting; the watch tells when it is back.
            }

            if (_chain.Time.GetElapsedTime(started) > _options.Patience)
            {
                PendingTransaction late = batch.First(transaction => transaction.Receipt is null);
                throw new InfraException(
                    ChainErrors.RefusedTransactionCode,
                    $"No block took {late.Call.Description} (transaction {late.Hashes[^1]}) within {_options.Patience}.",
                    "Run the command again: it finds the transaction and goes on waiting.");
            }
        }
    }

    /// <summary>Returns at the next block, and also when none came for a while: an outage or a standstill shows only when something is asked.</summary>
    private async Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken)
    {
        TimeSpan outage = _options.OutagePatience / 3;
        using CancellationTokenSource timer = new(outage < _options.StandstillPatience ? outage : _options.StandstillPatience, _chain.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await _chain.WaitForBlockAsync(seen, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return seen;
        }
    }

    private async Task<bool> LookAsync(IReadOnlyList<PendingTransaction> batch, Standstill standstill, CancellationToken cancellationToken)
    {
        BlockHeader head = await _chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        await ReadReceiptsAsync(batch, cancellationToken).ConfigureAwait(false);
        List<PendingTransaction> waiting = [.. batch.Where(transaction => transaction.Receipt is null)];
        if (waiting.Count > 0)
        {
            await ReviveAsync(waiting, head, standstill.IsAt(head.Number), cancellationToken).ConfigureAwait(false);
        }

        return batch.All(transaction => transaction.IsSuperseded
            || (transaction.Receipt is { } receipt && head.Number + 1 >= receipt.BlockNumber + (ulong)_options.Confirmations));
    }

    private async Task ReadReceiptsAsync(IReadOnlyList<PendingTransaction> batch, CancellationToken cancellationToken)
    {
        List<(PendingTransaction Transaction, Bytes32 Hash)> asked =
            [.. batch.SelectMany(transaction => transaction.Hashes.Select(hash => (transaction, hash)))];
        IReadOnlyList<TransactionReceipt?> receipts =
            await _chain.GetReceiptsAsync([.. asked.Select(pair => pair.Hash)], cancellationToken).ConfigureAwait(false);
        ILookup<PendingTransaction, TransactionReceipt?> found =
            asked.Zip(receipts).ToLookup(pair => pair.First.Transaction, pair => pair.Second);
        foreach (PendingTransaction transaction in batch)
        {
            bool isNew = transaction.Receipt is null;
            transaction.Receipt = found[transaction].FirstOrDefault(receipt => receipt is not null);
            if (isNew && transaction.Receipt is { } receipt)
            {
                Progress?.Invoke(new TransactionProgress(transaction.Call.Description, receipt.Hash, receipt));
            }
        }
    }

    /// <summary>
    /// Sends again what the node forgot, with what a rollback lost before it, and pays better for what waits too long. A transaction whose
    /// predecessor is lost waits in the node's pool as one that is known, and no block would ever tell.
    /// </summary>
    private async Task ReviveAsync(
        IReadOnlyList<PendingTransaction> waiting, BlockHeader head, bool standsStill, CancellationToken cancellationToken)
    {
        ulong next = await FindWaysAsync(waiting, head, cancellationToken).ConfigureAwait(false);
        waiting = [.. waiting.Where(transaction => !transaction.IsSuperseded)];
        if (waiting.Count == 0)
        {
            return;
        }

        List<PendingTransaction> forgotten = [.. waiting.Where(transaction => !transaction.IsKnown)];
        List<PendingTransaction> late =
        [
            .. waiting.Where(transaction => head.Number >= transaction.SentAtBlock + (ulong)_options.BlocksBeforeBump
                || (standsStill && transaction.Nonce == next)),
        ];
        ulong first = waiting.Min(transaction => transaction.Nonce);
        if (next < first)
        {
            // What lies between may be another process's with the same key, which is perhaps no more.
            await _journal.RereadAsync(cancellationToken).ConfigureAwait(false);
        }

        if (forgotten.Count == 0 && late.Count == 0 && !await IsAnyLostAsync(next, first, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            AccountState state = await ReadStateAsync(cancellationToken).ConfigureAwait(false);
            foreach (PendingTransaction transaction in late)
            {
                transaction.SentAtBlock = head.Number;
                if (state.Fee.Above(transaction.Fee) is { } better)
                {
                    await transaction.SignAsync(_signer, _chain.Identity.ChainId, better, cancellationToken).ConfigureAwait(false);
                }
            }

            IEnumerable<PendingTransaction> lost = TakenBetween(state.MinedNonce, first)
                .Select(entry => PendingTransaction.FromJournal(entry, head.Number));

            // A refusal here means that a block or another process was faster; the receipts tell.
            List<PendingTransaction> again = [.. lost, .. forgotten.Union(late).OrderBy(transaction => transaction.Nonce)];
            await BroadcastAsync(again, mayBeKnown: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Finds out which of the transactions the node knows, and which can no longer come because a block holds another one with their nonce.</summary>
    /// <returns>The account's next nonce.</returns>
    private async Task<ulong> FindWaysAsync(IReadOnlyList<PendingTransaction> waiting, BlockHeader head, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> replies = await _chain.SendAsync(
            [
                new RpcCall("eth_getTransactionCount", Account.ToString(), "latest"),
                .. waiting.Select(transaction => new RpcCall("eth_getTransactionByHash", transaction.Hashes[^1].ToString())),
            ],
            cancellationToken).ConfigureAwait(false);
        ulong next = CountOf(replies[0]);
        for (int index = 0; index < waiting.Count; index++)
        {
            PendingTransaction transaction = waiting[index];
            transaction.IsKnown = replies[index + 1].Required.ValueKind is not JsonValueKind.Null;
            transaction.IsSuperseded = !transaction.IsKnown && transaction.Nonce < next
                && await IsSupersededAsync(transaction, head, cancellationToken).ConfigureAwait(false);
        }

        return next;
    }

    /// <summary>
    /// Asks for everything in one request, so that one node answers: of two, the one might be ahead of the other. A public address may still ask
    /// several, so there the other transaction must be some blocks old: one that is only not seen yet would be paid twice.
    /// </summary>
    private async Task<bool> IsSupersededAsync(PendingTransaction transaction, BlockHeader head, CancellationToken cancellationToken)
    {
        int depth = _chain.Identity.ChainId == ChainId.Anvil ? _options.Confirmations : Math.Max(_options.Confirmations, BlocksBetweenNodes);
        ulong settled = head.Number + 1 - Math.Min(head.Number + 1, (ulong)depth);
        IReadOnlyList<RpcReply> replies = await _chain.SendAsync(
            [
                new RpcCall("eth_getTransactionCount", Account.ToString(), Hex.Quantity(settled)),
                .. transaction.Hashes.Select(hash => new RpcCall("eth_getTransactionByHash", hash.ToString())),
            ],
            cancellationToken).ConfigureAwait(false);

        // A block that a rollback took away has no count.
        return replies.All(reply => reply.Error is null) && CountOf(replies[0]) > transaction.Nonce
            && replies.Skip(1).All(reply => reply.Result.ValueKind is JsonValueKind.Null);
    }

    private static ulong CountOf(RpcReply reply) => (ulong)Hex.Number(reply.Required.GetString() ?? "0x0");

    private IEnumerable<JournalEntry> TakenBetween(ulong next, ulong first) =>
        _journal.TakenFrom(next).TakeWhile(entry => entry.Nonce < first);

    /// <summary>Whether the node lacks one of our transactions between the account's next and the first that is waited for.</summary>
    private async Task<bool> IsAnyLostAsync(ulong next, ulong first, CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcReply> known = await _chain.SendAsync(
            [.. TakenBetween(next, first).Select(entry => new RpcCall("eth_getTransactionByHash", entry.Hash))], cancellationToken)
            .ConfigureAwait(false);
        return known.Any(reply => reply.Required.ValueKind is JsonValueKind.Null);
    }

    private async Task<TransactionReceipt> RequireSuccessAsync(PendingTransaction transaction, CancellationToken cancellationToken)
    {
        TransactionReceipt receipt = transaction.Receipt ?? throw new InvalidOperationException("A transaction without a receipt is not done.");
        if (receipt.Succeeded)
        {
            return receipt;
        }

        // The receipt does not say why. The same call on the block before gives the same refusal, unless a neighbour in its block caused it.
        Dictionary<string, string> call =
            ChainClient.CallObject(Account, transaction.Call.To, transaction.Call.Data, transaction.Call.Value, transaction.Gas);
        IReadOnlyList<RpcReply> replies = await _chain.SendAsync(
            [new RpcCall("eth_call", call, Hex.Quantity(receipt.BlockNumber - 1))], cancellationToken).ConfigureAwait(false);
        throw replies[0].Error is { } error
            ? ChainClient.Refusal(transaction.Call.Description, error)
            : new InfraException(
                ChainErrors.RevertedCode,
                $"{transaction.Call.Description} failed on chain in transaction {receipt.Hash} after {receipt.GasUsed} of {transaction.Gas} gas.",
                "Run the command again; another transaction of the same block may have come first.");
    }

    /// <summary>
    /// Brings back what the chain has lost since, if it was rolled back, and waits for it. Whoever decides by looking at the chain calls it first;
    /// otherwise he would decide by a chain that the next transaction changes.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReplayLostAsync(await ReadStateAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            AccountState state = await ReadStateAsync(cancellationToken).ConfigureAwait(false);
            _nextNonce = state.MinedNonce + (ulong)_journal.TakenFrom(state.MinedNonce).Count;
            await BringBackAsync(state, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>
    /// Sends again what the chain once had and lost: when its count of our transactions is below ours, it was rolled back. The ids that
    /// contracts derive from senders and salts come out the same.
    /// </summary>
    private async Task ReplayLostAsync(AccountState state, CancellationToken cancellationToken)
    {
        if (state.PendingNonce < _nextNonce)
        {
            // With this key another process may have sent after us, and be no more: its transactions come back with ours.
            await _journal.RereadAsync(cancellationToken).ConfigureAwait(false);
            await BringBackAsync(state, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BringBackAsync(AccountState state, CancellationToken cancellationToken)
    {
        List<PendingTransaction> lost = [.. _journal.TakenFrom(state.MinedNonce)
            .Select(entry => PendingTransaction.FromJournal(entry, state.Block))];
        if (lost.Count == 0)
        {
            _nextNonce = state.PendingNonce;
            return;
        }

        await BroadcastAsync(lost, mayBeKnown: true, cancellationToken).ConfigureAwait(false);
        _nextNonce = lost[^1].Nonce + 1;

        // Waiting may have to send again, which takes the gate itself.
        _sending.Release();
        try
        {
            await WaitAsync(lost, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await _sending.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
