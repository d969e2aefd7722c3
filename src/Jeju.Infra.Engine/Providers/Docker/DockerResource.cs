using Jeju.Infra.Core.Docker;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Providers.Docker;

/// <summary>One resource type of the docker package.</summary>
internal abstract class DockerResource(string type, IReadOnlySet<string> inputs, IReadOnlySet<string> mutable)
{
    /// <summary>What is made carries its URN, so that an interrupted create is found again.</summary>
    protected const string UrnLabel = "network.jeju.urn";

    public string Type => type;

    /// <summary>The inputs that it knows.</summary>
    public IReadOnlySet<string> Inputs => inputs;

    /// <summary>Those of them that change without a replacement.</summary>
    public IReadOnlySet<string> Mutable => mutable;

    /// <summary>Fills defaults: a name that is made once and then kept.</summary>
    public virtual PropertyMap Complete(string logicalName, PropertyMap? oldInputs, PropertyMap inputs, ReadOnlySpan<byte> seed) =>
        inputs.ContainsKey("name")
            ? inputs
            : inputs.With("name", oldInputs?.Find("name") ?? $"{logicalName}-{Convert.ToHexStringLower(seed[..4])[..7]}");

    public abstract Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, CancellationToken cancellationToken);

    /// <summary>Reads it by its id, or by its URN where the id is empty; null where it is not there.</summary>
    public abstract Task<ResourceResult?> ReadAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(string id, PropertyMap inputs, CancellationToken cancellationToken);

    protected static string? Text(PropertyMap inputs, string name) => (inputs.Find(name) as PropertyString)?.Value;

    protected static bool? Flag(PropertyMap inputs, string name) => (inputs.Find(name) as PropertyBoolean)?.Value;

    /// <summary>The labels of the program, as pairs of <c>label</c> and <c>value</c>, and the URN's.</summary>
    protected static Dictionary<string, string> Labels(PropertyMap inputs, string urn)
    {
        var labels = (inputs.Find("labels") as PropertyList ?? []).OfType<PropertyMap>()
            .ToDictionary(label => Text(label, "label") ?? "", label => Text(label, "value") ?? "", StringComparer.Ordinal);
        labels[UrnLabel] = urn;
        return labels;
    }

    /// <summary>The labels of an object in the form of the program's, without the URN's; null for none.</summary>
    protected static PropertyList? Labels(IReadOnlyDictionary<string, string>? labels)
    {
        var own = (labels ?? new Dictionary<string, string>()).Where(label => label.Key != UrnLabel).OrderBy(label => label.Key, StringComparer.Ordinal).ToArray();
        return own.Length == 0 ? null : PropertyList.From(own.Select(label => PropertyMap.Of(("label", label.Key), ("value", label.Value))));
    }

    protected static PropertyMap WithLabels(PropertyMap outputs, IReadOnlyDictionary<string, string>? labels) =>
        Labels(labels) is { } list ? outputs.With("labels", list) : outputs;
}

/// <summary><c>docker:index/network:Network</c>.</summary>
internal sealed class DockerNetworkResource(DockerEngine docker) : DockerResource(
    "docker:index/network:Network",
    new HashSet<string>(StringComparer.Ordinal) { "name", "driver", "internal", "ipamConfigs", "options", "labels" },
    new HashSet<string>(StringComparer.Ordinal))
{
    public override async Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var subnets = (inputs.Find("ipamConfigs") as PropertyList ?? []).OfType<PropertyMap>().Select(range => new DockerSubnet(Text(range, "subnet"))).ToArray();
        var id = await docker.CreateNetworkAsync(
            new DockerNetwork
            {
                Name = Text(inputs, "name")!,
                Driver = Text(inputs, "driver"),
                Internal = Flag(inputs, "internal"),
                AddressManagement = subnets.Length > 0 ? new DockerAddressManagement(subnets) : null,
                Options = (inputs.Find("options") as PropertyMap)?.ToDictionary(entry => entry.Key, entry => ((PropertyString)entry.Value).Value, StringComparer.Ordinal),
                Labels = Labels(inputs, urn),
                CheckDuplicate = true,
            },
            cancellationToken).ConfigureAwait(false);
        return await ReadAsync(new ProviderTarget(urn, id), inputs, cancellationToken).ConfigureAwait(false)
               ?? throw new ProviderCallException("the new network vanished at once", cause: null, outcomeUnknown: false);
    }

    public override async Task<ResourceResult?> ReadAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var network = target.Id.Length > 0
            ? await docker.FindNetworkAsync(target.Id, cancellationToken).ConfigureAwait(false)
            : (await docker.ListNetworksAsync([$"{UrnLabel}={target.Urn}"], cancellationToken).ConfigureAwait(false)).FirstOrDefault(found => found.Name == Text(inputs, "name"));
        if (network?.Id is not { } id)
        {
            return null;
        }

        var outputs = PropertyMap.Of(
            ("name", network.Name),
            ("driver", network.Driver),
            ("internal", network.Internal ?? false),
            ("ipamConfigs", PropertyList.From((network.AddressManagement?.Config ?? []).Select(range => PropertyMap.Of(("subnet", range.Subnet))))),
            ("options", PropertyMap.From((network.Options ?? new Dictionary<string, string>()).Select(option => KeyValuePair.Create(option.Key, (PropertyValue)option.Value)))),
            ("scope", "local"));
        return new ResourceResult(id, WithLabels(outputs, network.Labels), inputs);
    }

    public override Task DeleteAsync(string id, PropertyMap inputs, CancellationToken cancellationToken) => docker.RemoveNetworkAsync(id, cancellationToken);
}

/// <summary><c>docker:index/volume:Volume</c>.</summary>
internal sealed class DockerVolumeResource(DockerEngine docker) : DockerResource(
    "docker:index/volume:Volume",
    new HashSet<string>(StringComparer.Ordinal) { "name", "labels" },
    new HashSet<string>(StringComparer.Ordinal))
{
    public override async Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var name = Text(inputs, "name")!;
        var existing = await docker.FindVolumeAsync(name, cancellationToken).ConfigureAwait(false);
        var labels = Labels(inputs, urn);
        if (existing is not null && !labels.All(label => existing.Labels?.GetValueOrDefault(label.Key) == label.Value))
        {
            // The daemon would hand out the existing one, with whatever is in it. One of the same labels is what an interrupted create left.
            throw new ProviderCallException($"there is a volume '{name}' already; import it, or choose another name", cause: null, outcomeUnknown: false);
        }

        return ToResult(await docker.CreateVolumeAsync(new DockerVolume(name, labels), cancellationToken).ConfigureAwait(false), inputs);
    }

    public override async Task<ResourceResult?> ReadAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var name = target.Id.Length > 0 ? target.Id : Text(inputs, "name") ?? "";
        var volume = await docker.FindVolumeAsync(name, cancellationToken).ConfigureAwait(false);
        return volume is null || (target.Id.Length == 0 && volume.Labels?.GetValueOrDefault(UrnLabel) != target.Urn) ? null : ToResult(volume, inputs);
    }

    public override Task DeleteAsync(string id, PropertyMap inputs, CancellationToken cancellationToken) => docker.RemoveVolumeAsync(id, cancellationToken);

    private static ResourceResult ToResult(DockerVolume volume, PropertyMap inputs) =>
        new(volume.Name, WithLabels(PropertyMap.Of(("name", volume.Name), ("driver", "local")), volume.Labels), inputs.Count > 0 ? inputs : PropertyMap.Of(("name", volume.Name)));
}

/// <summary><c>docker:index/remoteImage:RemoteImage</c>: an image that is there already, or is pulled.</summary>
internal sealed class DockerRemoteImageResource(DockerEngine docker) : DockerResource(
    "docker:index/remoteImage:RemoteImage",
    new HashSet<string>(StringComparer.Ordinal) { "name", "keepLocally", "pullTriggers" },
    new HashSet<string>(StringComparer.Ordinal) { "keepLocally" })
{
    public override PropertyMap Complete(string logicalName, PropertyMap? oldInputs, PropertyMap inputs, ReadOnlySpan<byte> seed) => inputs;

    public override async Task<ResourceResult> CreateAsync(string urn, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var name = Text(inputs, "name")!;
        var image = await docker.FindImageAsync(name, cancellationToken).ConfigureAwait(false);
        if (image is null)
        {
            await docker.PullImageAsync(name, progress: null, cancellationToken).ConfigureAwait(false);
            image = await docker.FindImageAsync(name, cancellationToken).ConfigureAwait(false)
                    ?? throw new ProviderCallException($"the image '{name}' was pulled and is not there", cause: null, outcomeUnknown: false);
        }

        return ToResult(image, inputs);
    }

    public override async Task<ResourceResult?> ReadAsync(ProviderTarget target, PropertyMap inputs, CancellationToken cancellationToken) =>
        await docker.FindImageAsync(Text(inputs, "name") ?? target.Id, cancellationToken).ConfigureAwait(false) is { } image ? ToResult(image, inputs) : null;

    public override async Task DeleteAsync(string id, PropertyMap inputs, CancellationToken cancellationToken)
    {
        if (Flag(inputs, "keepLocally") != true)
        {
            await docker.RemoveImageAsync(Text(inputs, "name") ?? id, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ResourceResult ToResult(DockerImage image, PropertyMap inputs) =>
        new(image.Id, inputs.With("imageId", image.Id).With("repoDigest", image.RepoDigests is [var digest, ..] ? digest : ""), inputs);
}
