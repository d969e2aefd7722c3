using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>
/// Fills in the hashes of assets and archives, by which a file that changed under the same path is seen. Nothing is fetched: what is named by an
/// address stays without one.
/// </summary>
/// <param name="folder">The folder of the program, to which paths are relative.</param>
internal sealed class AssetHashes(string folder)
{
    /// <summary>The same inputs, with every hash that can be known.</summary>
    /// <exception cref="Core.InfraException">JEJU0135: a file or folder does not exist.</exception>
    public PropertyMap Fill(PropertyMap inputs) => inputs.HasPart(static value => value is PropertyAsset or PropertyArchive) ? (PropertyMap)FillValue(inputs) : inputs;

    private PropertyValue FillValue(PropertyValue value) => value switch
    {
        PropertyAsset { Text: { } text } asset => asset with { Hash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text))) },
        PropertyAsset { Path: { } path } asset => asset with { Hash = HashFile(Find(path)) },
        PropertyArchive { Path: { } path } archive => archive with { Hash = HashPath(Find(path)) },
        PropertyArchive { IsAssetMap: true } archive => FillArchive(archive),
        PropertySecret secret => new PropertySecret(FillValue(secret.Value)),
        PropertyMap map => map.Select((_, item) => FillValue(item)),
        PropertyList list => PropertyList.From(list.Select(FillValue)),
        _ => value,
    };

    private PropertyArchive FillArchive(PropertyArchive archive)
    {
        var assets = archive.Assets.Select((_, item) => FillValue(item));
        var parts = assets.Select(entry => (entry.Key, entry.Value switch
        {
            PropertyAsset asset => asset.Hash,
            PropertyArchive inner => inner.Hash,
            _ => null,
        })).ToList();
        // What is fetched by somebody else cannot be judged here.
        return archive with { Assets = assets, Hash = parts.TrueForAll(part => part.Item2 is not null) ? HashParts(parts) : archive.Hash };
    }

    private string Find(string path)
    {
        var full = Path.GetFullPath(path, folder);
        return Path.Exists(full) ? full : throw EngineErrors.AssetMissing(path, full);
    }

    private static string HashPath(string path) => File.Exists(path)
        ? HashFile(path)
        : HashParts(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(path, file).Replace('\\', '/'), (string?)HashFile(file))));

    private static string HashFile(string path)
    {
        using var content = File.OpenRead(path);
        return Hex(SHA256.HashData(content));
    }

    private static string HashParts(IEnumerable<(string Name, string? Hash)> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in parts.OrderBy(part => part.Name, StringComparer.Ordinal))
        {
            // No name contains a zero: two different sets of files never make the same text.
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{content}\0"));
        }

        return Hex(hash.GetHashAndReset());
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
