using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

public sealed class TransactionJournalTests : IDisposable
{
    private static readonly ChainIdentity Chain = new(ChainId.Anvil, Keccak.Hash("genesis"));
    private static readonly Address Account = AnvilAccounts.Operator.Address;
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AcceptedEntries_AreFoundByTheNextProcess_WithoutAGap()
    {
        using (TransactionJournal journal = TransactionJournal.Open(_folder, Chain, Account))
        {
            journal.Write([Entry(3), Entry(4), Entry(5), Entry(7)]);
            journal.Accept([3, 4, 7]);
        }

        using TransactionJournal next = TransactionJournal.Open(_folder, Chain, Account);

        Assert.Equal([3UL, 4UL], next.AcceptedFrom(3).Select(entry => entry.Nonce));
        Assert.Empty(next.AcceptedFrom(5));
        Assert.Empty(next.AcceptedFrom(6));
        Assert.Equal(Entry(4), next.AcceptedFrom(4)[0]);
    }

    [Fact]
    public void IntentWithAnotherContent_IsNotAcceptedBecauseTheOldOneWas()
    {
        using TransactionJournal journal = TransactionJournal.Open(_folder, Chain, Account);
        journal.Write([Entry(1)]);
        journal.Accept([1]);

        journal.Write([Entry(1) with { Hash = "0x02" }]);

        Assert.Empty(journal.AcceptedFrom(1));
    }

    [Fact]
    public void LineCutShortByACrash_IsIgnored()
    {
        using (TransactionJournal journal = TransactionJournal.Open(_folder, Chain, Account))
        {
            journal.Write([Entry(1)]);
            journal.Accept([1]);
        }

        string file = Assert.Single(Directory.GetFiles(_folder));
        File.AppendAllText(file, """{"Intent":{"Nonce":2,"Ha""");

        using TransactionJournal next = TransactionJournal.Open(_folder, Chain, Account);
        Assert.Equal([1UL], next.AcceptedFrom(1).Select(entry => entry.Nonce));
    }

    [Fact]
    public void AnotherGenesis_HasAnotherJournal()
    {
        using (TransactionJournal journal = TransactionJournal.Open(_folder, Chain, Account))
        {
            journal.Write([Entry(0)]);
            journal.Accept([0]);
        }

        using TransactionJournal other = TransactionJournal.Open(_folder, Chain with { Genesis = Keccak.Hash("another") }, Account);

        Assert.Empty(other.AcceptedFrom(0));
    }

    [Fact]
    public void LongJournal_IsCutToItsLastEntries()
    {
        using (TransactionJournal journal = TransactionJournal.Open(_folder, Chain, Account))
        {
            for (ulong nonce = 0; nonce < 1200; nonce++)
            {
                journal.Write([Entry(nonce)]);
                journal.Accept([nonce]);
            }
        }

        using TransactionJournal next = TransactionJournal.Open(_folder, Chain, Account);

        Assert.Equal(1199UL, next.AcceptedFrom(1190)[^1].Nonce);
        Assert.Empty(next.AcceptedFrom(10));
        Assert.InRange(File.ReadLines(Directory.GetFiles(_folder).Single()).Count(), 1, 600);
    }

    [Fact]
    public void WithdrawnEntry_IsNotFoundByTheNextProcess()
    {
        using (TransactionJournal journal = TransactionJournal.Open(_folder, Chain, Account))
        {
            journal.Write([Entry(0), Entry(1)]);
            journal.Accept([0, 1]);
            journal.Withdraw([1]);
        }

        using TransactionJournal next = TransactionJournal.Open(_folder, Chain, Account);

        Assert.Equal([0UL], next.AcceptedFrom(0).Select(entry => entry.Nonce));
    }

    [Fact]
    public void JournalOfAProcessThatSendsForMonths_KeepsItsLastEntriesAlone()
    {
        using TransactionJournal journal = TransactionJournal.InMemory();
        for (ulong nonce = 0; nonce < 5000; nonce++)
        {
            journal.Write([Entry(nonce)]);
            journal.Accept([nonce]);
        }

        Assert.Equal(500, journal.AcceptedFrom(4500).Count);
        Assert.Empty(journal.AcceptedFrom(0));
        Assert.Empty(journal.AcceptedFrom(3000));
    }

    private static JournalEntry Entry(ulong nonce) => new(nonce, "0x01", "0x02", "test", Account.ToString(), "0x", "5", 21_000, "10", "1");
}
