using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Deployments;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Tests.Engine;

/// <summary>Assets and archives are known by what is in them, not by where it lies.</summary>
public sealed class AssetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jeju-assets-").FullName;
    private readonly AssetHashes _hashes;

    public AssetTests() => _hashes = new AssetHashes(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Text_and_file_of_the_same_content_have_the_same_hash()
    {
        File.WriteAllText(Path.Combine(_folder, "a.txt"), "content");

        var text = HashOf(new PropertyAsset(Text: "content"));
        var file = HashOf(new PropertySecret(new PropertyAsset(Path: "a.txt")));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("content"))), text);
        Assert.Equal(text, file);
    }

    [Fact]
    public void A_folder_and_the_same_files_by_name_have_the_same_hash_and_a_changed_file_another()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "site", "css"));
        File.WriteAllText(Path.Combine(_folder, "site", "index.html"), "<html>");
        File.WriteAllText(Path.Combine(_folder, "site", "css", "a.css"), "a");
        var folder = new PropertyArchive(PropertyMap.Empty, Path: "site");
        var map = new PropertyArchive(PropertyMap.Of(("index.html", new PropertyAsset(Text: "<html>")), ("css/a.css", new PropertyAsset(Text: "a"))));

        var before = HashOf(folder);
        Assert.Equal(before, HashOf(map));
        File.WriteAllText(Path.Combine(_folder, "site", "css", "a.css"), "b");

        Assert.NotEqual(before, HashOf(folder));
    }

    [Fact]
    public void What_is_named_by_an_address_is_not_fetched_and_a_file_that_is_not_there_is_named()
    {
        Assert.Null(HashOf(new PropertyAsset(Uri: "https://example.com/a")));
        Assert.Null(HashOf(new PropertyArchive(PropertyMap.Of(("a", new PropertyAsset(Uri: "https://example.com/a"))))));

        var missing = Assert.Throws<InfraException>(() => HashOf(new PropertyAsset(Path: "nothing.txt")));

        Assert.Equal("JEJU0135", missing.Code.ToString());
        Assert.Contains("nothing.txt", missing.Message, StringComparison.Ordinal);
    }

    private string? HashOf(PropertyValue value) => _hashes.Fill(PropertyMap.Of(("list", PropertyList.Create([value]))))["list"] switch
    {
        PropertyList list => list[0] switch
        {
            PropertyAsset asset => asset.Hash,
            PropertyArchive archive => archive.Hash,
            PropertySecret { Value: PropertyAsset secret } => secret.Hash,
            var other => throw new InvalidOperationException(other.ToString()),
        },
        var other => throw new InvalidOperationException(other.ToString()),
    };
}
