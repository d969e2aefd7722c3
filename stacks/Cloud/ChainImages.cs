using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Stacks.Settings;

namespace Jeju.Infra.Stacks;

/// <summary>
/// The images of one cluster's services. Those that the network builds itself are in the cloud's own registry, whose tags cannot be moved; all others are public, at exact versions, and by their digest
/// where the lock file has it.
/// </summary>
/// <param name="registry">What stands before the name of an image in the cloud's registry.</param>
/// <param name="settings">What the stack decides about images.</param>
/// <param name="digests">The digests that were resolved.</param>
internal sealed class ChainImages(string registry, ImageSettings settings, ImageLock digests)
{
    /// <summary>The images that the network builds itself and keeps in each cloud's registry. The genesis file of the chain is one of them: a registry keeps what it was given.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["indexer", "gateway", "bundler", OwnImages.Agent, "messaging-relay", "messaging-kms", "covenantsql", "rollup-genesis"];

    /// <summary>An image of the network's own.</summary>
    /// <exception cref="InvalidOperationException">The registries have no such image.</exception>
    public string Own(string name) => All.Contains(name)
        ? digests.ReferenceOf($"{registry}/{name}:{settings.Release}")
        : throw new InvalidOperationException($"No registry has the image '{name}'.");

    /// <summary>The digests of the images that the marketplace's kinds run, as far as they were resolved.</summary>
    public IReadOnlyDictionary<string, string> ServiceDigests => ServiceCatalog.All
        .Select(kind => kind.Workload?.Image.Registry)
        .OfType<string>()
        .Where(digests.Digests.ContainsKey)
        .Distinct()
        .ToDictionary(image => image, image => digests.Digests[image]);

    /// <summary>An image that others publish.</summary>
    public string Public(string image) => digests.ReferenceOf(image);
}
