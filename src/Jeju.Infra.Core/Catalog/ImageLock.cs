using System.Text.Json;

namespace Jeju.Infra.Core.Catalog;

/// <summary>
/// The digests that <c>jeju images pin</c> resolved, in <c>images/images.lock.json</c>: an object from the image with its tag to the digest. An
/// image that is in it is pulled by its digest alone.
/// </summary>
public sealed class ImageLock
{
    private static readonly ErrorCode Damaged = new(612);

    private readonly IReadOnlyDictionary<string, string> _digests;

    private ImageLock(IReadOnlyDictionary<string, string> digests) => _digests = digests;

    /// <summary>Reads the file; without one nothing is pinned.</summary>
    /// <exception cref="InfraException">JEJU0612: the file is damaged.</exception>
    public static ImageLock Read(RepositoryLayout layout) => Read(Path.Combine(layout.ImagesFolder, "images.lock.json"));

    /// <summary>Reads a lock file wherever it lies; without one nothing is pinned.</summary>
    /// <exception cref="InfraException">JEJU0612: the file is damaged.</exception>
    public static ImageLock Read(string path)
    {
        if (!File.Exists(path))
        {
            return new ImageLock(new Dictionary<string, string>());
        }

        try
        {
            return new ImageLock(JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path)) ?? []);
        }
        catch (JsonException cause)
        {
            throw new InfraException(
                Damaged,
                $"{path} is no lock file of images: {cause.Message}",
                "Write it anew with `./jeju images pin`.",
                innerException: cause);
        }
    }

    /// <summary>The digests, by image and tag.</summary>
    public IReadOnlyDictionary<string, string> Digests => _digests;

    /// <summary>Whether an image is pinned to a digest.</summary>
    public bool IsPinned(ServiceImage image) => _digests.ContainsKey(image.Registry);

    /// <summary>The reference to pull: with the digest where there is one, with the tag otherwise.</summary>
    public string ReferenceOf(ServiceImage image) => ReferenceOf(image.Registry);

    /// <summary>The reference to pull: with the digest where there is one, with the tag otherwise.</summary>
    /// <param name="image">The image in a registry, with a tag.</param>
    public string ReferenceOf(string image) => _digests.TryGetValue(image, out string? digest)
        ? $"{WithoutTag(image)}@{digest}"
        : image;

    private static string WithoutTag(string reference)
    {
        // A colon before the last slash belongs to a registry's port.
        int colon = reference.LastIndexOf(':');
        return colon > reference.LastIndexOf('/') ? reference[..colon] : reference;
    }
}
