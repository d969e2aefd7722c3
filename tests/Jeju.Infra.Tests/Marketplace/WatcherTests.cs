using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Watchers;
using ProbeRecord = Jeju.Infra.Chain.Bindings.ExternalChainProviderTypes.ProbeRecord;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>What a watcher holds against a provider, and how several come to one record.</summary>
public sealed class WatcherTests : IDisposable
{
    private const ulong ReadyAt = 1_000_003;
    private static readonly Bytes32 Order = Keccak.Hash("order");
    private static readonly Address Contract = Address.Parse("0x00000000000000000000000000000000000c0de0");
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-records-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Slot_IsUnservedOnlyWhenItIsOver_WithTwoProbesAndNoAnswer()
    {
        SlotLedger ledger = new(ReadyAt);
        Note(ledger, 0, 1, 5); // two silent
        Note(ledger, 1, 2); // one silent
        Note(ledger, 2, 1, 9);
        ledger.Note(ReadyAt + 25, ReadyAt + 25, wasAnswered: true); // answered in between
        Note(ledger, 3, 0, 9); // not over at the time of the question

        Assert.Equal([new SlotRun(0, 1)], ledger.FindUnserved(ReadyAt + 39));
        Assert.Equal([new SlotRun(0, 1), new SlotRun(3, 1)], ledger.FindUnserved(ReadyAt + 40));
        Assert.False(ledger.IsUnserved(1, ReadyAt + 100));
        Assert.False(ledger.IsUnserved(7, ReadyAt + 100));
    }

    [Fact]
    public void ProbeThatHangs_CountsInEverySlotThatItTouches()
    {
        SlotLedger ledger = new(ReadyAt);
        ledger.Note(ReadyAt + 3, ReadyAt + 8, wasAnswered: false);
        ledger.Note(ReadyAt + 8, ReadyAt + 13, wasAnswered: false);
        ledger.Note(ReadyAt + 13, ReadyAt + 18, wasAnswered: false);

        Assert.Equal([new SlotRun(0, 2)], ledger.FindUnserved(ReadyAt + 20));
    }

    [Fact]
    public void ProbeBeforeReadiness_IsNobodysFault()
    {
        SlotLedger ledger = new(ReadyAt);
        ledger.Note(ReadyAt - 5, ReadyAt - 1, wasAnswered: false);

        Assert.True(ledger.IsEmpty);
    }

    [Fact]
    public void LongOutage_IsCutIntoRecordsThatTheContractTakes_AndForgottenWhenItIsTooOld()
    {
        SlotLedger ledger = new(ReadyAt);
        for (uint slot = 0; slot < 150; slot++)
        {
            Note(ledger, slot, 1, 5);
        }

        Assert.Equal([new SlotRun(0, 64), new SlotRun(64, 64), new SlotRun(128, 22)], ledger.FindUnserved(ReadyAt + 1500));
        ledger.Forget(ReadyAt + 1480);
        Assert.Equal([new SlotRun(148, 2)], ledger.FindUnserved(ReadyAt + 1500));
    }

    [Fact]
    public void WatchersThatSawDifferentSlots_ComeToOneRecordThatAllSign()
    {
        SlotRun[] saw = [new(5, 16), new(6, 15), new(5, 15)];
        List<(int Watcher, ProbeRecord Record)> signed = [];
        for (int round = 0; round < 3; round++)
        {
            for (int watcher = 0; watcher < saw.Length; watcher++)
            {
                SlotRun mine = saw[watcher];
                ProbeRecord[] known = [.. signed.Select(one => one.Record)];
                foreach (SlotRun run in new ProbeQuorum().Choose([mine], known, mine.Contains, _ => true))
                {
                    Assert.True(mine.Contains(run.First) && mine.Contains(run.End - 1), "nobody signs for what he did not see");
                    if (!signed.Contains((watcher, Record(run))))
                    {
                        signed.Add((watcher, Record(run)));
                    }
                }
            }
        }

        Assert.Equal([0, 1, 2], signed.Where(one => one.Record == Record(new SlotRun(6, 14))).Select(one => one.Watcher).Order());
        Assert.InRange(signed.Count, 3, 12);
    }

    [Fact]
    public void FindingThatMayStillGrow_IsNotSigned_ButAnothersRecordOfItIs()
    {
        SlotRun mine = new(5, 3);

        Assert.Empty(new ProbeQuorum().Choose([mine], [], mine.Contains, _ => false));
        Assert.Equal([new SlotRun(5, 2)], new ProbeQuorum().Choose([mine], [Record(new SlotRun(4, 3))], mine.Contains, _ => false));
    }

    [Fact]
    public async Task CompleteRecord_IsSentByTheFirstSignerAtOnce_AndByTheOthersOnlyWhenHeDoesNot()
    {
        SoftwareSigner[] signers = [.. Enumerable.Range(0, 3).Select(_ => SoftwareSigner.Generate()).OrderBy(signer => signer.Address.ToString(), StringComparer.Ordinal)];
        SignedProbe[] probes = [.. await Task.WhenAll(signers[..2].Select(signer => SignAsync(signer, Record(new SlotRun(1, 2)))))];
        ProbeQuorum first = new(), second = new(), stranger = new();
        foreach (ProbeQuorum quorum in new[] { first, second, stranger })
        {
            quorum.Replace(probes);
        }

        Assert.Empty(first.FindComplete(3, signers[0].Address));
        Assert.Equal(probes.Select(probe => probe.Watcher), Assert.Single(new[] { first }.SelectMany(one => one.FindComplete(2, signers[0].Address))).Signed.Select(probe => probe.Watcher));
        Assert.Empty(second.FindComplete(2, signers[1].Address));
        Assert.Single(second.FindComplete(2, signers[1].Address));
        Assert.Empty(stranger.FindComplete(2, signers[2].Address));
        Assert.Empty(stranger.FindComplete(2, signers[2].Address));
        Assert.Single(stranger.FindComplete(2, signers[2].Address));
    }

    [Fact]
    public async Task Folder_ThatCannotBeOne_IsRefusedWithItsPath()
    {
        string file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "no folder");

        InfraException error = Assert.Throws<InfraException>(() => new ProbeFolder(file, ChainId.Anvil, Contract, TimeProvider.System));

        Assert.Equal((FailureKind.Usage, Infra.Marketplace.MarketplaceErrors.ExchangeUnusable), (error.Kind, error.Code));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ReadsARecordOnceItCanBeRead()
    {
        ProbeFolder folder = new(_folder, ChainId.Anvil, Contract, TimeProvider.System);
        await folder.PublishAsync(await SignAsync(SoftwareSigner.Generate(), Record(new SlotRun(1, 2))), CancellationToken.None);
        string path = Directory.GetFiles(_folder).Single(), elsewhere = Path.Combine(_folder, "elsewhere");
        File.Move(path, elsewhere + ".later");
        File.CreateSymbolicLink(path, elsewhere);

        Assert.Empty(await folder.ReadAsync(CancellationToken.None));
        File.Move(elsewhere + ".later", elsewhere);
        Assert.Single(await folder.ReadAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(4u, 4u, true)]
    [InlineData(5u, 3u, true)]
    [InlineData(3u, 2u, false)]
    [InlineData(7u, 2u, false)]
    public void RecordThatALongerOneSays_NeedsNoTransaction(uint first, uint slots, bool isCovered)
    {
        ProbeRecord longer = Record(new SlotRun(4, 4));

        Assert.Equal(isCovered, ProbeQuorum.Covers(longer, Record(new SlotRun(first, slots))));
        Assert.False(ProbeQuorum.Covers(longer, Record(new SlotRun(first, slots)) with { Placement = longer.Placement + 1 }));
    }

    [Fact]
    public async Task Folder_GivesBackSignedRecords_AndPassesOverEverythingElse()
    {
        ProbeFolder folder = new(_folder, ChainId.Anvil, Contract, TimeProvider.System);
        SignedProbe good = await SignAsync(SoftwareSigner.Generate(), Record(new SlotRun(1, 2)));
        await folder.PublishAsync(good, CancellationToken.None);
        string path = Directory.GetFiles(_folder).Single();
        string text = await File.ReadAllTextAsync(path);
        string[] strange =
        [
            text.Replace("\"slots\": 2", "\"slots\": 3", StringComparison.Ordinal), // another record under the same signature
            text.Replace("\"slots\": 2", "\"slots\": 4294967295", StringComparison.Ordinal),
            text.Replace("\"firstSlot\": 1", "\"firstSlot\": 4294967295", StringComparison.Ordinal),
            text.Replace("31337", "8453", StringComparison.Ordinal),
            text.Replace(good.Watcher.ToString(), Contract.ToString(), StringComparison.Ordinal), // in the name of another
            text.Replace(Convert.ToHexStringLower(good.Signature), new string('f', 130), StringComparison.Ordinal),
            text.Replace(Convert.ToHexStringLower(good.Signature), "00", StringComparison.Ordinal),
            "{}", "[]", "null", "no JSON", new string(' ', 10_000) + text,
        ];
        for (int number = 0; number < strange.Length; number++)
        {
            Assert.NotEqual(text, strange[number]);
            await File.WriteAllTextAsync(Path.Combine(_folder, $"probe-{number}.json"), strange[number]);
        }

        SignedProbe read = Assert.Single(await folder.ReadAsync(CancellationToken.None));
        Assert.Equal((good.Record, good.Watcher), (read.Record, read.Watcher));
        Assert.Equal(good.Signature, read.Signature);
    }

    [Fact]
    public async Task FileThatAStrangerPutInTheWay_IsWrittenOver()
    {
        ProbeFolder folder = new(_folder, ChainId.Anvil, Contract, TimeProvider.System);
        SignedProbe good = await SignAsync(SoftwareSigner.Generate(), Record(new SlotRun(1, 2)));
        await folder.PublishAsync(good, CancellationToken.None);
        await File.WriteAllTextAsync(Directory.GetFiles(_folder).Single(), "{}");

        await folder.PublishAsync(good, CancellationToken.None);

        Assert.Single(await folder.ReadAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2001:4860:4860::8888", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    public async Task WatcherOfAPublicNetwork_AsksNobodyInsideItsOwn(string host, bool isAsked)
    {
        string? problem = await EndpointRules.FindProblemAsync(new ServiceEndpoint(host, [80]), mayBeLocal: false, CancellationToken.None);

        Assert.Equal(isAsked, problem is null);
        Assert.Null(await EndpointRules.FindProblemAsync(new ServiceEndpoint(host, [80]), mayBeLocal: true, CancellationToken.None));
    }

    [Theory]
    [InlineData("/var/run/postgresql", 5432)]
    [InlineData("a b", 80)]
    [InlineData("host:80/path", 80)]
    [InlineData("user@host", 80)]
    [InlineData("", 80)]
    [InlineData("example.org", 0)]
    public async Task EndpointThatIsNone_IsNotAsked(string host, int port) =>
        Assert.NotNull(await EndpointRules.FindProblemAsync(new ServiceEndpoint(host, [port]), mayBeLocal: true, CancellationToken.None));

    private static void Note(SlotLedger ledger, uint slot, params ulong[] seconds)
    {
        foreach (ulong second in seconds)
        {
            ledger.Note(ReadyAt + (slot * 10) + second, ReadyAt + (slot * 10) + second, wasAnswered: false);
        }
    }

    private static ProbeRecord Record(SlotRun run) => new(Order, 0, run.First, run.Count);

    private static async Task<SignedProbe> SignAsync(SoftwareSigner signer, ProbeRecord record) => new(
        record, signer.Address, (await signer.SignAsync(ProbeSignature.HashOf(record, ChainId.Anvil, Contract), CancellationToken.None)).ToBytes());
}
