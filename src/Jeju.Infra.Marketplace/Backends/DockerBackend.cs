using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Credentials;
using Jeju.Infra.Marketplace.Images;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// Runs each lease as one container with a network and a volume of its own, all three of one name. The order of creation is network (which
/// carries what was chosen for the lease), volume, container, credentials, start; each step finds what an earlier run left.
/// </summary>
public sealed partial class DockerBackend : IComputeBackend, IDisposable
{
    private const int StartAttempts = 3;

    private readonly DockerEngine _docker;
    private readonly ImageStore _images;
    private readonly BackendScope _scope;
    private readonly DockerBackendOptions _options;
    private readonly WorkloadSecrets _secrets;
    private readonly TimeProvider _time;
    private bool _hasNoQuotas;

    // What this process made or looked through, by name. The daemon keeps the volume of a container for as long as the container is there, so one
    // that died is started by its id at once, without a look at what it was made from.
    private readonly ConcurrentDictionary<string, (string ContainerId, Workload Workload)> _known = new(StringComparer.Ordinal);

    // Choosing a port or a subnet and taking it are two steps.
    private readonly SemaphoreSlim _choice = new(1, 1);

    /// <summary>Makes the backend; nothing is created before a lease asks for it.</summary>
    /// <param name="docker">The daemon.</param>
    /// <param name="images">Where images come from.</param>
    /// <param name="scope">Whose workloads these are.</param>
    /// <param name="options">Ports and subnets.</param>
    /// <param name="time">The clock of certificates.</param>
    public DockerBackend(DockerEngine docker, ImageStore images, BackendScope scope, DockerBackendOptions options, TimeProvider time)
    {
        _time = time;
        _docker = docker;
        _images = images;
        _scope = scope;
        _options = options.Validated();
        _secrets = new WorkloadSecrets(docker);
    }

    /// <inheritdoc/>
    public string Name => "docker";

    /// <inheritdoc/>
    public bool HasListeners => true;

    /// <inheritdoc/>
    public Task PrepareAsync(ServiceKind kind, CancellationToken cancellationToken)
    {
        WorkloadTemplate template = TemplateOf(kind);
        if (_options.SpeaksTls)
        {
            LeaseSecrets.RequireTls(kind);
        }

        return _images.EnsureAsync(template.Image, null, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Workload> EnsureAsync(WorkloadRequest request, CancellationToken cancellationToken)
    {
        WorkloadTemplate template = TemplateOf(request.Kind);
        string name = WorkloadLabels.NameOf(_scope, request.OrderId);
        if (await TryStartKnownAsync(name, template, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        InfraException? lastFailure = null;
        for (int attempt = 0; attempt < StartAttempts; attempt++)
        {
            (string containerId, IReadOnlyList<int> ports) = await PrepareAsync(name, request, template, cancellationToken).ConfigureAwait(false);
            if (await EnsureCredentialsAsync(containerId, name, request, template, cancellationToken).ConfigureAwait(false) is not { } credentials)
            {
                await WaitUntilGoneAsync(containerId, cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                ContainerStart start = await _docker.StartContainerAsync(containerId, cancellationToken).ConfigureAwait(false);
                if (start != ContainerStart.Absent)
                {
                    ServiceEndpoint endpoint = new(_options.AdvertisedHost, ports);
                    Workload workload = new(request.OrderId, request.Kind.Name, true, endpoint, credentials);
                    _known[name] = (containerId, workload);
                    if (start == ContainerStart.Started && request.Pinned is not null)
                    {
                        await AnnounceAsync(name, template, cancellationToken).ConfigureAwait(false);
                    }

                    return workload;
                }
            }
            catch (InfraException refusal) when (refusal.Code == DockerEngine.RequestRefused)
            {
                // Its network was removed, or its port was taken while it stood still: make the container anew; the volume stays.
                lastFailure = refusal;
                await _docker.RemoveContainerAsync(name, cancellationToken).ConfigureAwait(false);
                if (request.Pinned is null)
                {
                    await _docker.RemoveNetworkAsync(name, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        throw new InfraException(
            MarketplaceErrors.WorkloadFailed,
            $"The container {name} of order {request.OrderId} does not start: {lastFailure?.Message ?? "it vanishes as soon as it is made"}",
            lastFailure?.Remedy ?? "Look for another program that removes containers.",
            innerException: lastFailure);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        await RemoveByNameAsync(WorkloadLabels.NameOf(_scope, orderId), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task RemoveAllAsync(bool onlyOtherChains, CancellationToken cancellationToken)
    {
        string[] filter = [$"{WorkloadLabels.Provider}={_scope.Provider}", $"{WorkloadLabels.Agent}={_scope.AgentLabel}"];
        bool IsChosen(IReadOnlyDictionary<string, string>? labels) =>
            labels?.GetValueOrDefault(WorkloadLabels.Chain) is { } chain
            && chain.StartsWith($"{_scope.Chain}-", StringComparison.Ordinal)
            && !(onlyOtherChains && chain == _scope.ChainLabel);

        IReadOnlyList<DockerContainerSummary> containers = await _docker.ListContainersAsync(filter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DockerNetwork> networks = await _docker.ListNetworksAsync(filter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DockerVolume> volumes = await _docker.ListVolumesAsync(filter, cancellationToken).ConfigureAwait(false);
        IEnumerable<string> names = containers.Where(container => IsChosen(container.Labels)).Select(container => container.Names[0].TrimStart('/'))
            .Concat(networks.Where(network => IsChosen(network.Labels)).Select(network => network.Name))
            .Concat(volumes.Where(volume => IsChosen(volume.Labels)).Select(volume => volume.Name))
            .Distinct(StringComparer.Ordinal);
        await Task.WhenAll(names.Select(name => RemoveByNameAsync(name, cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Bytes32?> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (DockerEvent? occurrence in _docker.WatchAsync(WorkloadLabels.FilterOf(_scope), cancellationToken).ConfigureAwait(false))
        {
            if (occurrence is null)
            {
                yield return null;
            }
            else if (occurrence is { Type: "container", Action: "die" or "destroy" or "pause" or "oom" }
                && Bytes32.TryParse(occurrence.Actor.Attributes?.GetValueOrDefault(WorkloadLabels.Lease), out Bytes32 orderId))
            {
                yield return orderId;
            }
        }
    }

    /// <inheritdoc/>
    public Task<string?> ReadLogTailAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        _docker.ReadLogTailAsync(WorkloadLabels.NameOf(_scope, orderId), 20, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _choice.Dispose();

    internal static WorkloadTemplate TemplateOf(ServiceKind kind) => kind.Workload ?? throw new InfraException(
        MarketplaceErrors.KindNotRunnable,
        $"The service kind '{kind.Name}' has no container workload yet.",
        $"Order one that has ({string.Join(", ", ServiceCatalog.All.Where(other => other.Workload is not null).Select(other => other.Name))}), or withdraw the offer of this kind.");

    /// <summary>Network, volume and container are there afterwards; returns the container and the published ports.</summary>
    private async Task<(string ContainerId, IReadOnlyList<int> Ports)> PrepareAsync(
        string name, WorkloadRequest request, WorkloadTemplate template, CancellationToken cancellationToken)
    {
        DockerNetwork? network = await _docker.FindNetworkAsync(name, cancellationToken).ConfigureAwait(false);
        DockerVolume? volume = await _docker.FindVolumeAsync(name, cancellationToken).ConfigureAwait(false);
        if (volume is null && request.Pinned is not null && request.Kind.IsStateful)
        {
            throw new InfraException(
                MarketplaceErrors.DataLost,
                $"The volume {name} of order {request.OrderId} is gone; an empty {request.Kind.Title} must not take its place.",
                "Restore the volume from a backup, or let the agent give the order up, which refunds its consumer.");
        }

        string imageId = await ImageOfAsync(network, volume, template, cancellationToken).ConfigureAwait(false);
        if (network is null)
        {
            network = await CreateNetworkAsync(name, request, template, imageId, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<int> ports = WorkloadLabels.ParsePorts(network.Labels?.GetValueOrDefault(WorkloadLabels.Ports) ?? string.Empty);
        Dictionary<string, string> labels = WorkloadLabels.Of(_scope, request);
        labels[WorkloadLabels.Image] = imageId;
        if (volume is null)
        {
            await CreateVolumeAsync(name, request.Limits, labels, cancellationToken).ConfigureAwait(false);
        }

        if (await _docker.FindContainerAsync(name, cancellationToken).ConfigureAwait(false) is { } present)
        {
            return (present.Id, ports);
        }

        DockerContainerSpecification container = ContainerPlan.Container(name, imageId, template, request.Limits, _options, ports, labels);
        return (await _docker.CreateContainerAsync(container, cancellationToken).ConfigureAwait(false), ports);
    }

    /// <summary>The image that the lease was started from, while the daemon has it; otherwise the kind's present one.</summary>
    private async Task<string> ImageOfAsync(
        DockerNetwork? network, DockerVolume? volume, WorkloadTemplate template, CancellationToken cancellationToken)
    {
        string? pinned = volume?.Labels?.GetValueOrDefault(WorkloadLabels.Image) ?? network?.Labels?.GetValueOrDefault(WorkloadLabels.Image);
        if (pinned is not null && await _docker.FindImageAsync(pinned, cancellationToken).ConfigureAwait(false) is not null)
        {
            return pinned;
        }

        AvailableImage image = await _images
            .EnsureAsync(template.Image, null, cancellationToken).ConfigureAwait(false);
        return image.Id;
    }

    private async Task<DockerNetwork> CreateNetworkAsync(
        string name, WorkloadRequest request, WorkloadTemplate template, string imageId, CancellationToken cancellationToken)
    {
        await _choice.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<DockerNetwork> networks = await _docker.ListNetworksAsync([], cancellationToken).ConfigureAwait(false);
            Dictionary<string, string> labels = WorkloadLabels.Of(_scope, request);
            IReadOnlyList<int> ports = request.Pinned?.Ports ?? ChoosePorts(request.OrderId, template.Ports.Count, networks);
            labels[WorkloadLabels.Ports] = WorkloadLabels.FormatPorts(ports);
            labels[WorkloadLabels.Image] = imageId;
            return await CreateNetworkAsync(name, request.OrderId, template.NeedsInternet, labels, networks, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            _choice.Release();
        }
    }

    private async Task<DockerNetwork> CreateNetworkAsync(
        string name,
        Bytes32 orderId,
        bool needsInternet,
        Dictionary<string, string> labels,
        IReadOnlyList<DockerNetwork> networks,
        CancellationToken cancellationToken)
    {
        List<IPNetwork> used = [.. HostNetworks.Read()];
        foreach (DockerSubnet subnet in networks.SelectMany(network => network.AddressManagement?.Config ?? []))
        {
            if (IPNetwork.TryParse(subnet.Subnet, out IPNetwork parsed))
            {
                used.Add(parsed);
            }
        }

        const int Tries = 8;
        InfraException? lastRefusal = null;
        foreach (IPNetwork subnet in LeaseAddresses.FreeSubnets(_options.Subnets, orderId, used).Take(Tries))
        {
            DockerNetwork network = ContainerPlan.Network(name, subnet, needsInternet, labels);
            try
            {
                await _docker.CreateNetworkAsync(network, cancellationToken).ConfigureAwait(false);
                return network;
            }
            catch (InfraException refusal) when (refusal.Code == DockerEngine.RequestRefused)
            {
                // Somebody else took the subnet since the list was read; the next one will do. Any other reason shows at the end.
                lastRefusal = refusal;
            }
        }

        throw new InfraException(
            MarketplaceErrors.NoFreeSubnet,
            $"No /28 of {_options.Subnets} can be had for order {orderId}: {lastRefusal?.Message ?? "all are in use"}",
            "Remove networks that nobody needs, or choose another range in the agent's settings.",
            innerException: lastRefusal);
    }

    private IReadOnlyList<int> ChoosePorts(Bytes32 orderId, int count, IReadOnlyList<DockerNetwork> networks)
    {
        // A lease that stands still holds its ports too.
        HashSet<int> claimed = networks
            .SelectMany(network => WorkloadLabels.ParsePorts(network.Labels?.GetValueOrDefault(WorkloadLabels.Ports) ?? string.Empty))
            .ToHashSet();
        return LeaseAddresses.ChoosePorts(_options, orderId, count, port => !claimed.Contains(port) && CanBind(port));
    }

    private bool CanBind(int port)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(_options.PublishAddress), port));
            return true;
        }
        catch (SocketException)
        {
            // In use, or not an address of this host: the daemon's own message tells the two apart when it matters.
            return false;
        }
    }

    /// <summary>The credentials in the volume, made where there are none yet; null where the container goes while they are looked for.</summary>
    private async Task<ServiceCredentials?> EnsureCredentialsAsync(
        string containerId, string name, WorkloadRequest request, WorkloadTemplate template, CancellationToken cancellationToken)
    {
        if (await _secrets.ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } present)
        {
            return present;
        }

        if (request.Pinned is not null && request.Kind.IsStateful)
        {
            // Somebody removes it just now, whose death was told first: then nothing was found because it is going, and its volume stays.
            if (!await IsStayingAsync(containerId, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            throw new InfraException(
                MarketplaceErrors.DataLost,
                $"The volume {name} of order {request.OrderId} is empty; an empty {request.Kind.Title} must not take its place.",
                "Restore the volume from a backup, or let the agent give the order up, which refunds its consumer.");
        }

        string? host = _options.SpeaksTls ? _options.AdvertisedHost : null;
        LeaseSecrets secrets = LeaseSecrets.Generate(request.Kind, request.Limits, host, _time.GetUtcNow());
        await _secrets.WriteAsync(name, template, secrets, cancellationToken).ConfigureAwait(false);
        return secrets.Credentials;
    }

    private async Task RemoveByNameAsync(string name, CancellationToken cancellationToken)
    {
        _known.TryRemove(name, out _);
        // In order first, so that a service which is asked again while it shuts down is not cut off; then by force.
        await _docker.StopContainerAsync(name, cancellationToken).ConfigureAwait(false);
        await _docker.RemoveContainerAsync(name, cancellationToken).ConfigureAwait(false);
        await _docker.RemoveVolumeAsync(name, cancellationToken).ConfigureAwait(false);
        await _docker.RemoveNetworkAsync(name, cancellationToken).ConfigureAwait(false);
    }
}
