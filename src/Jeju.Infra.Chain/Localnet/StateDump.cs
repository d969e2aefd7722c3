using System.Text.Json;

namespace Jeju.Infra.Chain.Localnet;

/// <summary>
/// A dump of a local chain that is whole. Anvil writes down its blocks and its accounts one after the other, while it goes on mining: a dump may
/// have what a block did without the block. A chain that comes back from it has lost that block's events and receipts and can never have them
/// again, because the transactions are done. So a dump counts only if no block came, or was coming, while it was taken.
/// </summary>
internal static class StateDump
{
    private static readonly TimeSpan LongestMining = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes a dump (<c>anvil_dumpState</c>: JSON, packed with gzip); nothing if the chain was not at rest.</summary>
    /// <param name="chain">The chain, an Anvil.</param>
    /// <param name="head">Its newest block, read before.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task<byte[]?> TakeAsync(ChainClient chain, BlockCursor head, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] dump = Hex.Bytes(await chain.TextAsync(new RpcCall("anvil_dumpState"), cancellationToken).ConfigureAwait(false));

        // Transactions leave the pool after their block is there: where none waits, the head tells of every block that the dump can have met.
        // Where one waits, its block may be just on the way.
        JsonElement pool = (await chain.SendAsync([new RpcCall("txpool_status")], cancellationToken).ConfigureAwait(false))[0].Required;
        if (pool.Number("pending") != 0)
        {
            await Task.Delay(LongestMining, time, cancellationToken).ConfigureAwait(false);
        }

        BlockHeader now = await chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
        return now.Cursor == head ? dump : null;
    }
}
