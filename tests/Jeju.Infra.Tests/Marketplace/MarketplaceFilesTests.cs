using Jeju.Infra.Chain;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Agent;
using Jeju.Infra.Marketplace.Images;
using Jeju.Infra.Marketplace.Orders;

using Xunit;

namespace Jeju.Infra.Tests.Marketplace;

/// <summary>The three small files of the marketplace: the agent's cursor, the consumer's intents, the images' digests.</summary>
public sealed class MarketplaceFilesTests : IDisposable
{
    private static readonly ChainIdentity Chain = new(ChainId.Anvil, Bytes32.FromName("genesis"));
    private static readonly Address Contract = Address.Parse("0x" + new string('1', 40));
    private static readonly Address Consumer = Address.Parse("0x" + new string('2', 40));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jeju-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Cursor_is_read_again_on_its_own_chain_alone()
    {
        string path = Path.Combine(_folder.FullName, "cursor.json");
        BlockCursor cursor = new(42, Bytes32.FromName("block"));
        Assert.Null(new CursorFile(path, Chain).Read());

        new CursorFile(path, Chain).Write(cursor);

        Assert.Equal(cursor, new CursorFile(path, Chain).Read());
        Assert.Null(new CursorFile(path, Chain with { Genesis = Bytes32.FromName("another") }).Read());
        File.WriteAllText(path, "{\"Chain\":");
        Assert.Null(new CursorFile(path, Chain).Read());
    }

    [Fact]
    public void Journal_vouches_for_the_very_order_on_the_very_chain_until_it_has_ended()
    {
        OrderJournal journal = new(_folder.FullName);
        Bytes32 salt = Bytes32.FromName("salt");
        Bytes32 order = Bytes32.FromName("order");
        Assert.False(journal.Contains(Chain, Contract, Consumer, salt, order));

        journal.Write(Chain, Contract, Consumer, salt, order);

        Assert.True(new OrderJournal(_folder.FullName).Contains(Chain, Contract, Consumer, salt, order));
        Assert.False(journal.Contains(Chain, Contract, Consumer, salt, Bytes32.FromName("next generation")));
        Assert.False(journal.Contains(Chain with { Genesis = Bytes32.FromName("another") }, Contract, Consumer, salt, order));
        Assert.False(journal.Contains(Chain, Contract, Contract, salt, order));
        journal.Remove(Chain, Contract, Consumer, salt);
        Assert.False(journal.Contains(Chain, Contract, Consumer, salt, order));
    }

    [Theory]
    [InlineData("postgres:17", "postgres@sha256:ab")]
    [InlineData("registry.example:5000/team/postgres:17", "registry.example:5000/team/postgres@sha256:ab")]
    [InlineData("registry.example:5000/team/postgres", "registry.example:5000/team/postgres@sha256:ab")]
    public void Pinned_image_is_pulled_by_its_digest(string reference, string expected)
    {
        RepositoryLayout layout = new(_folder.FullName);
        ServiceImage image = new(reference, null);
        Assert.Equal(reference, ImageLock.Read(layout).ReferenceOf(image));
        Directory.CreateDirectory(layout.ImagesFolder);

        File.WriteAllText(Path.Combine(layout.ImagesFolder, "images.lock.json"), $$"""{ "{{reference}}": "sha256:ab" }""");

        Assert.True(ImageLock.Read(layout).IsPinned(image));
        Assert.Equal(expected, ImageLock.Read(layout).ReferenceOf(image));
    }

    [Fact]
    public void Damaged_lock_file_is_refused_with_the_way_out()
    {
        RepositoryLayout layout = new(_folder.FullName);
        Directory.CreateDirectory(layout.ImagesFolder);
        File.WriteAllText(Path.Combine(layout.ImagesFolder, "images.lock.json"), "[");

        InfraException refusal = Assert.Throws<InfraException>(() => ImageLock.Read(layout));

        Assert.Equal("JEJU0612", refusal.Code.ToString());
        Assert.Contains("jeju images pin", refusal.Remedy, StringComparison.Ordinal);
    }
}
