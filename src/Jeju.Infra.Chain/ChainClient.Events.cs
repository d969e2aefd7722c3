using System.Runtime.CompilerServices;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>The logs of a range of blocks.</summary>
/// <param name="Through">The last block of the range: the cursor to keep once the logs are dealt with.</param>
/// <param name="Logs">The wanted logs in the order of the chain.</param>
/// <param name="Reorganised">
/// Whether blocks that were seen before are gone. The logs then begin again further back: some are repeated, and state that was built from
/// earlier ones is to be read anew.
/// </param>
public sealed record LogBatch(BlockCursor Through, IReadOnlyList<ChainLog> Logs, bool Reorganised);

/// <content>Logs, and following them.</content>
public sealed partial class ChainClient
{
    /// <summary>How far back events are read again when the last seen block is gone. Deeper reorganisations do not happen on our chains.</summary>
    public const ulong ReorganisationDepth = 64;

    // Hosted nodes refuse larger ranges.
    private const ulong MaximumRange = 2_000;

    /// <summary>Reads the logs of a range of blocks, both ends included, in as many requests as the range needs.</summary>
    public async Task<IReadOnlyList<ChainLog>> GetLogsAsync(LogFilter filter, ulong from, ulong to, CancellationToken cancellationToken)
    {
        List<RpcCall> calls = [];
        for (ulong start = from; start <= to; start += MaximumRange)
        {
            calls.Add(LogsCall(filter, start, Math.Min(to, start + MaximumRange - 1)));
        }

        IReadOnlyList<RpcReply> replies = await _rpc.SendAsync(calls, cancellationToken).ConfigureAwait(false);
        return [.. replies.SelectMany(reply => reply.Required.EnumerateArray().Select(ReadLog))];
    }

    /// <summary>
    /// Follows logs from a position on: first what is already there, then every new block as it comes, without end. A node that cannot be
    /// reached for a while is waited for, and nothing is missed. Without a cursor it begins at the genesis.
    /// </summary>
    /// <param name="filter">Which logs.</param>
    /// <param name="cursor">The last block that was dealt with.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="InfraException">JEJU0303: the chain was replaced by another.</exception>
    public async IAsyncEnumerable<LogBatch> FollowAsync(
        LogFilter filter, BlockCursor? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _heads.StartAsync(cancellationToken).ConfigureAwait(false);
        BlockCursor? position = cursor;
        while (true)
        {
            long seen = _heads.Sequence;
            LogBatch? batch = null;
            try
            {
                batch = await ReadNewAsync(filter, position, cancellationToken).ConfigureAwait(false);
            }
            catch (InfraException exception) when (exception.Code == ChainErrors.UnreachableCode)
            {
                // The watch reconnects by itself, and its next sequence number brings us back here.
                Disconnected?.Invoke(exception);
            }

            if (batch is not null)
            {
                position = batch.Through;
                yield return batch;
            }

            await _heads.WaitAsync(seen, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns when a new block came, or the connection was made again, after <paramref name="seen"/>; the result is the next value to pass.</summary>
    /// <param name="seen">The result of the call before; 0 at first, which returns at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<long> WaitForBlockAsync(long seen, CancellationToken cancellationToken)
    {
        await _heads.StartAsync(cancellationToken).ConfigureAwait(false);
        await _heads.WaitAsync(seen, cancellationToken).ConfigureAwait(false);
        return _heads.Sequence;
    }

    private async Task<LogBatch?> ReadNewAsync(LogFilter filter, BlockCursor? position, CancellationToken cancellationToken)
    {
        BlockHeader head = await GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        if (position is not null && head.Cursor == position)
        {
            return null;
        }

        bool gone = false;
        if (position is not null)
        {
            BlockHeader? seen = position.Number <= head.Number
                ? await FindBlockAsync(position.Number, cancellationToken).ConfigureAwait(false)
                : null;
            gone = seen?.Hash != position.Hash;
            if (gone)
            {
                await RequireSameChainAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        ulong last = Math.Min(position?.Number ?? 0, head.Number);
        ulong from = position is null ? 0 : gone ? last - Math.Min(last, ReorganisationDepth) : position.Number + 1;
        IReadOnlyList<ChainLog> logs = await GetLogsAsync(filter, from, head.Number, cancellationToken).ConfigureAwait(false);
        return new LogBatch(head.Cursor, logs, gone);
    }

    private static RpcCall LogsCall(LogFilter filter, ulong from, ulong to)
    {
        Dictionary<string, object> parameters = new() { ["fromBlock"] = Hex.Quantity(from), ["toBlock"] = Hex.Quantity(to) };
        if (filter.Addresses.Count > 0)
        {
            parameters["address"] = filter.Addresses.Select(address => address.ToString()).ToArray();
        }

        if (filter.Topics.Count > 0)
        {
            parameters["topics"] = filter.Topics
                .Select(values => values is { Count: > 0 } ? values.Select(value => value.ToString()).ToArray() : null)
                .ToArray();
        }

        return new RpcCall("eth_getLogs", parameters);
    }
}
