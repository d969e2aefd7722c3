using Jeju.Infra.Protocol.Properties;

namespace Pulumi;

/// <summary>A file or a bundle of files that the engine reads.</summary>
public abstract class AssetOrArchive
{
    private protected AssetOrArchive()
    {
    }

    internal abstract PropertyValue ToProperty();

    internal static AssetOrArchive FromProperty(PropertyValue property) => property switch
    {
        PropertyAsset { Text: { } text } => new StringAsset(text),
        PropertyAsset { Path: { } path } => new FileAsset(path),
        PropertyAsset { Uri: { } uri } => new RemoteAsset(uri),
        PropertyArchive { Path: { } path } => new FileArchive(path),
        PropertyArchive { Uri: { } uri } => new RemoteArchive(uri),
        PropertyArchive archive => new AssetArchive(archive.Assets.ToDictionary(entry => entry.Key, entry => FromProperty(entry.Value))),
        _ => throw new InvalidOperationException($"{property} is neither an asset nor an archive."),
    };
}

/// <summary>A file.</summary>
public abstract class Asset : AssetOrArchive
{
    private protected Asset()
    {
    }
}

/// <summary>A bundle of files.</summary>
public abstract class Archive : AssetOrArchive
{
    private protected Archive()
    {
    }
}

/// <summary>A file on this machine; the path is as given, relative to the program's folder.</summary>
public sealed class FileAsset(string path) : Asset
{
    internal override PropertyValue ToProperty() => new PropertyAsset(Path: path);
}

/// <summary>A file whose text is given.</summary>
public sealed class StringAsset(string text) : Asset
{
    internal override PropertyValue ToProperty() => new PropertyAsset(Text: text);
}

/// <summary>A file to fetch.</summary>
public sealed class RemoteAsset(string uri) : Asset
{
    internal override PropertyValue ToProperty() => new PropertyAsset(Uri: uri);
}

/// <summary>A folder, or an archive file, on this machine.</summary>
public sealed class FileArchive(string path) : Archive
{
    internal override PropertyValue ToProperty() => new PropertyArchive(PropertyMap.Empty, Path: path);
}

/// <summary>An archive to fetch.</summary>
public sealed class RemoteArchive(string uri) : Archive
{
    internal override PropertyValue ToProperty() => new PropertyArchive(PropertyMap.Empty, Uri: uri);
}

/// <summary>An archive made of named assets.</summary>
public sealed class AssetArchive(IDictionary<string, AssetOrArchive> assets) : Archive
{
    internal override PropertyValue ToProperty() =>
        new PropertyArchive(PropertyMap.From(assets.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToProperty()))));
}
