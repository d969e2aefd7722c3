using System.Globalization;
using System.Numerics;
using System.Text.Json;
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
/// decides anew. Nothing in it is secret.
/// </summary>
public sealed class TransactionJournal : IDisposable
{
    private const int KeptEntries = 512;
    private readonly Lock _gate = new();
    private readonly FileStream? _file;
    private readonly SortedDictionary<ulong, JournalEntry> _entries = [];
    private readonly HashSet<ulong> _accepted = [];

    private TransactionJournal(FileStream? file) => _file = file;

    /// <summary>A journal that ends with the process: for keys whose transactions the chain alone can judge, and for tests.</summary>
    public static TransactionJournal InMemory() => new(null);

    /// <summary>Opens the journal of one key on one chain.</summary>
    /// <param name="folder">The folder of the stack's journals; made if missing.</param>
    /// <param name="chain">The chain. Another genesis has another journal.</param>
    /// <param name="account">The key's account.</param>
    public static TransactionJournal Open(string folder, ChainIdentity chain, Address account)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"transactions-{chain.ShortName}-{account}.jsonl");
        List<JournalLine> lines = File.Exists(path) ? Read(path) : [];
        if (lines.Count > KeptEntries * 2)
        {
            lines = Compact(path, lines);
        }

        // Another process with the same key may append too; lines are written in one call.
        TransactionJournal journal = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        lines.ForEach(journal.Apply);
        return journal;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>The entries from a nonce on that a node took, without a gap.</summary>
    internal IReadOnlyList<JournalEntry> AcceptedFrom(ulong nonce)
    {
        List<JournalEntry> found = [];
        lock (_gate)
        {
            for (; _accepted.Contains(nonce) && _entries.TryGetValue(nonce, out JournalEntry? entry); nonce++)
            {
                found.Add(entry);
            }
        }

        return found;
    }

    /// <summary>Writes intents, on disk before this returns.</summary>
    internal void Write(IReadOnlyList<JournalEntry> entries) => Append([.. entries.Select(entry => new JournalLine(entry, null))]);

    /// <summary>Notes that the node took the transactions with these nonces.</summary>
    internal void Accept(IReadOnlyList<ulong> nonces) => Append([new JournalLine(null, nonces)]);

    /// <summary>Notes that blocks hold other transactions with these nonces.</summary>
    internal void Withdraw(IReadOnlyList<ulong> nonces) => Append([new JournalLine(null, null, nonces)]);

    private void Append(IReadOnlyList<JournalLine> lines)
    {
        lock (_gate)
        {
            foreach (JournalLine line in lines)
            {
                Apply(line);
            }

            if (_file is null)
            {
                return;
            }

            using MemoryStream text = new();
            foreach (JournalLine line in lines)
            {
                JsonSerializer.Serialize(text, line);
                text.WriteByte((byte)'\n');
            }

            _file.Write(text.ToArray());
            _file.Flush(flushToDisk: true);
        }
    }

    private void Apply(JournalLine line)
    {
        if (line.Intent is { } intent)
        {
            bool same = _entries.TryGetValue(intent.Nonce, out JournalEntry? before) && before.Hash == intent.Hash;
            _entries[intent.Nonce] = intent;
            if (_entries.Count > KeptEntries * 2)
            {
                // An agent sends as long as it lives.
                ulong oldest = _entries.First().Key;
                _entries.Remove(oldest);
                _accepted.Remove(oldest);
            }

            if (!same)
            {
                _accepted.Remove(intent.Nonce);
            }
        }

        _accepted.UnionWith(line.Accepted ?? []);
        _accepted.ExceptWith(line.Withdrawn ?? []);
    }

    private static List<JournalLine> Read(string path)
    {
        List<JournalLine> lines = [];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        while (reader.ReadLine() is { } text)
        {
            // A line that a crash cut short was never followed by sending.
            if (TryRead(text) is { } line)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

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
        lines = lines[^KeptEntries..];
        string temporary = path + ".new";
        File.WriteAllLines(temporary, lines.Select(line => JsonSerializer.Serialize(line)));
        File.Move(temporary, path, overwrite: true);
        return lines;
    }

    private sealed record JournalLine(JournalEntry? Intent, IReadOnlyList<ulong>? Accepted, IReadOnlyList<ulong>? Withdrawn = null);
}
