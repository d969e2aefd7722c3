using System.IO.Compression;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain.Localnet;

/// <summary>
/// Saves the state of a local chain after its blocks, so that a killed Anvil comes back at most a moment earlier. A dump replaces the last
/// one in a single step; there is always one good file. It runs as a process of its own, beside Anvil, and ends when Anvil does.
/// </summary>
public static class ChainKeeper
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);
    private const int Attempts = 10;

    /// <summary>
    /// Keeps the chain until it is cancelled, which writes a last dump, or until Anvil is gone. A dump that cannot be written (the disk is full,
    /// the folder was moved) leaves the last one, is told once, and is tried again: a keeper that ended would leave the chain without any.
    /// </summary>
    /// <param name="settings">The chain.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Told why a dump could not be written.</param>
    /// <param name="cancellationToken">Ends the keeping.</param>
    public static async Task RunAsync(LocalChainSettings settings, TimeProvider time, Action<string> report, CancellationToken cancellationToken)
    {
        using FileStream? only = TryLock(Path.Combine(settings.Folder, "keeper.lock"));
        if (only is null)
        {
            return;
        }

        await using ChainClient chain = await ChainClient.ConnectAsync(
            ChainEndpoint.FromUrl(settings.Url), new ChainId(settings.ChainId), time, cancellationToken).ConfigureAwait(false);
        long seen = 0;
        BlockCursor? saved = null;
        bool isFailing = false;
        while (true)
        {
            bool stopping = cancellationToken.IsCancellationRequested;
            try
            {
                saved = await SaveAsync(settings, chain, time, saved, stopping ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
                isFailing = false;
                LogFile.Bound(settings.LogFile);
                LogFile.Bound(settings.KeeperLogFile);
            }
            catch (InfraException exception) when (exception.Code == ChainErrors.UnreachableCode)
            {
                if (stopping || DetachedProcess.Find(settings.ProcessMarker).Count == 0)
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                continue;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (!isFailing)
                {
                    report($"The chain's state is not saved, and is tried again: {failure.Message}");
                }

                isFailing = true;
            }

            if (stopping)
            {
                return;
            }

            seen = await WaitAsync(chain, seen, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<BlockCursor?> SaveAsync(
        LocalChainSettings settings, ChainClient chain, TimeProvider time, BlockCursor? saved, CancellationToken cancellationToken)
    {
        await chain.RequireSameChainAsync(cancellationToken).ConfigureAwait(false);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            BlockHeader head = await chain.GetLatestBlockAsync(cancellationToken).ConfigureAwait(false);
            if (head.Cursor == saved)
            {
                return saved;
            }

            if (await StateDump.TakeAsync(chain, head.Cursor, time, cancellationToken).ConfigureAwait(false) is { } dump)
            {
                await WriteAsync(settings.StateFile, dump, cancellationToken).ConfigureAwait(false);
                return head.Cursor;
            }

            await Task.Delay(Quiet, time, cancellationToken).ConfigureAwait(false);
        }

        // The next block, or the next check, tries again; the last good dump stays.
        return saved;
    }

    private static async Task WriteAsync(string stateFile, byte[] dump, CancellationToken cancellationToken)
    {
        string temporary = stateFile + ".new";
        await using (FileStream file = File.Create(temporary))
        {
            await using GZipStream unpacked = new(new MemoryStream(dump), CompressionMode.Decompress);
            await unpacked.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, stateFile, overwrite: true);
    }

    /// <summary>Returns a moment after the next block, so that a burst of blocks makes one dump; and now and then, to see whether Anvil lives.</summary>
    private static async Task<long> WaitAsync(ChainClient chain, long seen, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(CheckInterval, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            long next = await chain.WaitForBlockAsync(seen, limit.Token).ConfigureAwait(false);
            await Task.Delay(Quiet, time, limit.Token).ConfigureAwait(false);
            return next;
        }
        catch (OperationCanceledException)
        {
            return seen;
        }
    }

    private static FileStream? TryLock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
