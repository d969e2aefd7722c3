using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

public sealed class TransactionJournalTests : IDisposable
{
    private static readonly ChainIdentity Chain = new(ChainId.Anvil, Keccak.Hash("genesis"));
    private static readonly Address Account = AnvilAccounts.Operator.Address;
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-journal-").FullName;

    private string JournalFile => Directory.GetFiles(_folder, "*.jsonl").Single();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TakenEntries_AreFoundByTheNextProcess_WithoutAGap()
    {
        TransactionJournal journal = await OpenAsync();
        await journal.WriteAsync([Entry(3), Entry(4), Entry(5), Entry(7)], default);
        await journal.NoteTakenAsync(["0x3", "0x4", "0x7"]);

        TransactionJournal next = await OpenAsync();

        Assert.Equal([3UL, 4UL], next.TakenFrom(3).Select(entry => entry.Nonce));
        Assert.Empty(next.TakenFrom(5));
        Assert.Empty(next.TakenFrom(6));
        Assert.Equal(Entry(4), next.TakenFrom(4)[0]);
    }

    [Fact]
    public async Task IntentThatNoNodeTook_IsNotTakenBecauseAnotherWithItsNonceWas()
    {
        TransactionJournal journal = await OpenAsync();
        await journal.WriteAsync([Entry(1)], default);
        await journal.NoteTakenAsync(["0x1"]);

        await journal.WriteAsync([Entry(1, "0x1b")], default);

        Assert.Equal("0x1", Assert.Single(journal.TakenFrom(1)).Hash);
        await journal.NoteTakenAsync(["0x1b"]);
        Assert.Equal("0x1b", Assert.Single(journal.TakenFrom(1)).Hash);
    }

    // Both count from the same nonce; the node takes the one and refuses the other, whose call then gets the next.
    [Fact]
    public async Task OfTwoProcessesWithOneNonce_TheTakenTransactionIsTheOneThatComesBack()
    {
        TransactionJournal first = await OpenAsync();
        TransactionJournal second = await OpenAsync();
        await first.WriteAsync([Entry(5, "0x5a")], default);
        await second.WriteAsync([Entry(5, "0x5b")], default);
        await first.NoteTakenAsync(["0x5a"]);
        await second.WriteAsync([Entry(6, "0x6b")], default);
        await second.NoteTakenAsync(["0x6b"]);

        await first.RereadAsync(default);

        Assert.Equal(["0x5a", "0x6b"], first.TakenFrom(5).Select(entry => entry.Hash));
        Assert.Equal(["0x5a", "0x6b"], (await OpenAsync()).TakenFrom(5).Select(entry => entry.Hash));
        await second.NoteSupersededAsync(["0x5b"]);
        Assert.Equal(["0x5a", "0x6b"], (await OpenAsync()).TakenFrom(5).Select(entry => entry.Hash));
    }

    [Fact]
    public async Task ProcessesThatWriteAtTheSameTime_LoseNoLine()
    {
        TransactionJournal[] journals = [await OpenAsync(), await OpenAsync(), await OpenAsync()];

        await Task.WhenAll(journals.Select((journal, at) => Task.Run(async () =>
        {
            for (ulong nonce = (ulong)at; nonce < 60; nonce += (ulong)journals.Length)
            {
                await journal.WriteAsync([Entry(nonce)], default);
                await journal.NoteTakenAsync([Entry(nonce).Hash]);
            }
        })));

        Assert.Equal(60, (await OpenAsync()).TakenFrom(0).Count);
        await journals[0].RereadAsync(default);
        Assert.Equal(60, journals[0].TakenFrom(0).Count);
    }

    [Fact]
    public async Task LineCutShortByACrash_IsIgnored_AndSpoilsNoLineAfterIt()
    {
        TransactionJournal journal = await OpenAsync();
        await journal.WriteAsync([Entry(1)], default);
        await journal.NoteTakenAsync(["0x1"]);
        await File.AppendAllTextAsync(JournalFile, """{"Intent":{"Nonce":2,"Ha""");

        TransactionJournal next = await OpenAsync();
        Assert.Equal([1UL], next.TakenFrom(1).Select(entry => entry.Nonce));
        await next.WriteAsync([Entry(2)], default);
        await next.NoteTakenAsync(["0x2"]);

        Assert.Equal([1UL, 2UL], (await OpenAsync()).TakenFrom(1).Select(entry => entry.Nonce));
    }

    [Fact]
    public async Task AnotherGenesis_HasAnotherJournal()
    {
        TransactionJournal journal = await OpenAsync();
        await journal.WriteAsync([Entry(0)], default);
        await journal.NoteTakenAsync(["0x0"]);

        TransactionJournal other = await OpenAsync(Chain with { Genesis = Keccak.Hash("another") });

        Assert.Empty(other.TakenFrom(0));
        Assert.Single(journal.TakenFrom(0));
    }

    [Fact]
    public async Task LongJournal_IsCutToItsLastEntries()
    {
        TransactionJournal journal = await OpenAsync();
        for (ulong nonce = 0; nonce < 1200; nonce += 100)
        {
            JournalEntry[] entries = [.. Enumerable.Range((int)nonce, 100).Select(each => Entry((ulong)each))];
            await journal.WriteAsync(entries, default);
            await journal.NoteTakenAsync([.. entries.Select(entry => entry.Hash)]);
        }

        TransactionJournal next = await OpenAsync();

        Assert.Equal(1199UL, next.TakenFrom(1190)[^1].Nonce);
        Assert.Empty(next.TakenFrom(10));
        Assert.InRange((await File.ReadAllLinesAsync(JournalFile)).Length, 1, 600);
        // One that was open all the time goes on in the shorter file.
        await journal.WriteAsync([Entry(1200)], default);
        await journal.NoteTakenAsync([Entry(1200).Hash]);
        Assert.Equal(1200UL, (await OpenAsync()).TakenFrom(1190)[^1].Nonce);
    }

    [Fact]
    public async Task SupersededEntry_IsNotFoundByTheNextProcess()
    {
        TransactionJournal journal = await OpenAsync();
        await journal.WriteAsync([Entry(0), Entry(1)], default);
        await journal.NoteTakenAsync(["0x0", "0x1"]);
        await journal.NoteSupersededAsync(["0x1"]);

        TransactionJournal next = await OpenAsync();

        Assert.Equal([0UL], next.TakenFrom(0).Select(entry => entry.Nonce));
    }

    [Fact]
    public async Task JournalOfAProcessThatSendsForMonths_KeepsItsLastEntriesAlone()
    {
        TransactionJournal journal = TransactionJournal.InMemory();
        for (ulong nonce = 0; nonce < 5000; nonce++)
        {
            await journal.WriteAsync([Entry(nonce)], default);
            await journal.NoteTakenAsync([Entry(nonce).Hash]);
        }

        Assert.Equal(500, journal.TakenFrom(4500).Count);
        Assert.Empty(journal.TakenFrom(0));
        Assert.Empty(journal.TakenFrom(3000));
    }

    private Task<TransactionJournal> OpenAsync(ChainIdentity? chain = null) =>
        TransactionJournal.OpenAsync(_folder, chain ?? Chain, Account, TimeProvider.System, default);

    private static JournalEntry Entry(ulong nonce, string? hash = null) =>
        new(nonce, hash ?? $"0x{nonce:x}", "0x02", "test", Account.ToString(), "0x", "5", 21_000, "10", "1");
}
