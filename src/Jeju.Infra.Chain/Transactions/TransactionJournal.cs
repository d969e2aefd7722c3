using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jeju.Infra.Core;

namespace Jeju.Infra.Chain;

/// <summary>One transaction as it was signed, with what is needed to pay better for it later.</summary>
internal sealed record JournalEntry(
    ulong Nonce, string Hash, string Raw, string Description, string? To, string Data, string Value, ulong Gas, string MaximumFee, string PriorityFee)
{
    internal ContractCall ToCall() => new(
        To is null ? null : Address.Parse(To), Hex.Bytes(Data), Description, BigInteger.Parse(Value, CultureInfo.InvariantCulture));
}

/// <summary>
/// What one key sent on one chain, written down before it is sent. After a crash the pipeline compares it with the chain: a transaction that
/// the node took and a rollback lost is sent again, byte by byte; one that never left this machine is forgotten, because the layer above
/// decides anew. Processes that use one key at the same time write into one journal, each line known by its transaction's hash, since two of
/// them may try the same nonce. Nothing in it is secret.
/// </summary>
public sealed class TransactionJournal
{
    private const int KeptLines = 512;
    private static readonly TimeSpan TurnPollInterval = TimeSpan.FromMilliseconds(2);
    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly Lock _gate = new();
    private readonly (string Path, TimeProvider Time)? _file;
    private readonly SortedDictionary<ulong, List<JournalEntry>> _entries = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private long _length;

    private TransactionJournal((string Path, TimeProvider Time)? file) => _file = file;

    /// <summary>A journal that ends with the process: for keys whose transactions the chain alone can judge, and for tests.</summary>
    public static TransactionJournal InMemory() => new(null);

    /// <summary>Opens the journal of one key on one chain.</summary>
    /// <param name="folder">The folder of the stack's journals; made if missing.</param>
    /// <param name="chain">The chain. Another genesis has another journal.</param>
    /// <param name="account">The key's account.</param>
    /// <param name="time">The clock of the wait for another process that is writing.</param>
    /// <param name="cancellationToken">Ends that wait.</param>
    public static async Task<TransactionJournal> OpenAsync(
        string folder, ChainIdentity chain, Address account, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        TransactionJournal journal = new((Path.Combine(folder, $"transactions-{chain.ShortName}-{account}.jsonl"), time));
        await journal.RereadAsync(cancellationToken).ConfigureAwait(false);
        return journal;
    }

    /// <summary>Takes in what other processes with the same key have written.</summary>
    internal async Task RereadAsync(CancellationToken cancellationToken)
    {
        if (_file is not var (path, time) || !File.Exists(path) || new FileInfo(path).Length == _length)
        {
            return;
        }

        await using FileStream turn = await TakeTurnAsync(path, time, cancellationToken).ConfigureAwait(false);
        List<JournalLine> lines = Read(path);
        if (lines.Count > KeptLines * 2)
        {
            lines = Compact(path, lines);
        }

        lock (_gate)
        {
            _entries.Clear();
            _taken.Clear();
            lines.ForEach(Apply);
            _length = new FileInfo(path).Length;
        }
    }

    /// <summary>The entries from a nonce on that a node took, without a gap.</summary>
    internal IReadOnlyList<JournalEntry> TakenFrom(ulong nonce)
    {
        List<JournalEntry> found = [];
        lock (_gate)
        {
            for (; _entries.GetValueOrDefault(nonce)?.FindLast(entry => _taken.Contains(entry.Hash)) is { } entry; nonce++)
            {
                found.Add(entry);
            }
        }

        return found;
    }

    /// <summary>Writes intents, on disk before this returns.</summary>
    internal Task WriteAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        AppendAsync([.. entries.Select(entry => new JournalLine(entry))], cancellationToken);

    /// <summary>Notes that the node took the transactions with these hashes. What is known must be kept: this is not cancelled.</summary>
    internal Task NoteTakenAsync(IReadOnlyList<string> hashes) => AppendAsync([new JournalLine(Taken: hashes)], CancellationToken.None);

    /// <summary>Notes that blocks hold other transactions with the nonces of these. What is known must be kept: this is not cancelled.</summary>
    internal Task NoteSupersededAsync(IReadOnlyList<string> hashes) => AppendAsync([new JournalLine(Superseded: hashes)], CancellationToken.None);

    private async Task AppendAsync(IReadOnlyList<JournalLine> lines, CancellationToken cancellationToken)
    {
        if (_file is not var (path, time))
        {
            ApplyAll(lines);
            return;
        }

        using MemoryStream text = new();
        foreach (JournalLine line in lines)
        {
            JsonSerializer.Serialize(text, line, Format);
            text.WriteByte((byte)'\n');
        }

        await using FileStream turn = await TakeTurnAsync(path, time, cancellationToken).ConfigureAwait(false);
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        bool hasOthers = file.Length != _length;
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
            {
                // A crash cut the last line short; ours must not become a part of it.
                file.WriteByte((byte)'\n');
            }
        }

        file.Write(text.GetBuffer(), 0, (int)text.Length);
        file.Flush(flushToDisk: true);
        ApplyAll(lines);
        if (!hasOthers)
        {
            _length = file.Length;
        }
    }

    private void ApplyAll(IReadOnlyList<JournalLine> lines)
    {
        lock (_gate)
        {
            foreach (JournalLine line in lines)
            {
                Apply(line);
            }
        }
    }

    private void Apply(JournalLine line)
    {
        if (line.Intent is { } intent)
        {
            if (!_entries.TryGetValue(intent.Nonce, out List<JournalEntry>? tried))
            {
                _entries[intent.Nonce] = tried = [];
            }

            tried.RemoveAll(entry => entry.Hash == intent.Hash);
            tried.Add(intent);
            if (_entries.Count > KeptLines * 2)
            {
                // An agent sends as long as it lives.
                (ulong oldest, List<JournalEntry> gone) = _entries.First();
                _entries.Remove(oldest);
                _taken.ExceptWith(gone.Select(entry => entry.Hash));
            }
        }

        _taken.UnionWith(line.Taken ?? []);
        _taken.ExceptWith(line.Superseded ?? []);
    }

    /// <summary>Processes with one key write one after the other; the operating system ends the turn of one that is killed.</summary>
    private static async Task<FileStream> TakeTurnAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        string turn = Path.ChangeExtension(path, ".lock");
        while (true)
        {
            try
            {
                return new FileStream(turn, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(turn))
            {
                await Task.Delay(TurnPollInterval, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static List<JournalLine> Read(string path) =>
        // A line that a crash cut short was never followed by sending.
        [.. File.ReadLines(path).Select(TryRead).OfType<JournalLine>()];

    private static JournalLine? TryRead(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<JournalLine> Compact(string path, List<JournalLine> lines)
    {
        lines = lines[^KeptLines..];
        string temporary = path + ".new";
        File.WriteAllLines(temporary, lines.Select(line => JsonSerializer.Serialize(line, Format)));
        File.Move(temporary, path, overwrite: true);
        return lines;
    }

    private sealed record JournalLine(JournalEntry? Intent = null, IReadOnlyList<string>? Taken = null, IReadOnlyList<string>? Superseded = null);
}
