using System.Globalization;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Marketplace.Backends;

public sealed partial class DockerBackend
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Workload>> ListAsync(CancellationToken cancellationToken)
    {
        string[] filter = WorkloadLabels.FilterOf(_scope);
        IReadOnlyList<DockerContainerSummary> containers = await _docker.ListContainersAsync(filter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DockerNetwork> networks = await _docker.ListNetworksAsync(filter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DockerVolume> volumes = await _docker.ListVolumesAsync(filter, cancellationToken).ConfigureAwait(false);

        Dictionary<Bytes32, Workload> workloads = [];
        foreach (IReadOnlyDictionary<string, string>? labels in containers.Select(container => container.Labels)
            .Concat(networks.Select(network => network.Labels)).Concat(volumes.Select(volume => volume.Labels)))
        {
            if (Bytes32.TryParse(labels?.GetValueOrDefault(WorkloadLabels.Lease), out Bytes32 orderId) && !workloads.ContainsKey(orderId))
            {
                workloads[orderId] = new Workload(orderId, labels!.GetValueOrDefault(WorkloadLabels.Kind, string.Empty), false, null, null);
            }
        }

        foreach (DockerContainerSummary container in containers.Where(container => container.State == "running"))
        {
            if (Bytes32.TryParse(container.Labels?.GetValueOrDefault(WorkloadLabels.Lease), out Bytes32 orderId))
            {
                DockerNetwork? network = networks.FirstOrDefault(network => network.Name == container.Names[0].TrimStart('/'));
                workloads[orderId] = workloads[orderId] with { IsRunning = true, Endpoint = EndpointOf(network) };
            }
        }

        return [.. workloads.Values];
    }

    /// <inheritdoc/>
    public async Task<Workload?> FindAsync(Bytes32 orderId, CancellationToken cancellationToken)
    {
        string name = WorkloadLabels.NameOf(_scope, orderId);
        if (await _docker.FindContainerAsync(name, cancellationToken).ConfigureAwait(false) is not { } container)
        {
            return null;
        }

        DockerNetwork? network = await _docker.FindNetworkAsync(name, cancellationToken).ConfigureAwait(false);
        ServiceCredentials? credentials = await _secrets.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        string kind = container.Config.Labels?.GetValueOrDefault(WorkloadLabels.Kind) ?? string.Empty;
        return new Workload(orderId, kind, container.State.Running, container.State.Running ? EndpointOf(network) : null, credentials);
    }

    private ServiceEndpoint? EndpointOf(DockerNetwork? network) =>
        network?.Labels?.GetValueOrDefault(WorkloadLabels.Ports) is { Length: > 0 } ports
            ? new ServiceEndpoint(_options.AdvertisedHost, WorkloadLabels.ParsePorts(ports))
            : null;

    /// <summary>
    /// The volume is bounded to the disk that the order pays for where the daemon can do that (its data on a file system with project quotas);
    /// elsewhere the disk of the host is shared, and only the limits of memory, cores and processes hold.
    /// </summary>
    private async Task CreateVolumeAsync(string name, WorkloadLimits limits, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (!_hasNoQuotas)
        {
            Dictionary<string, string> bound = new() { ["size"] = string.Create(CultureInfo.InvariantCulture, $"{limits.DiskGigabytes}G") };
            try
            {
                await _docker.CreateVolumeAsync(new DockerVolume(name, labels, bound), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (InfraException refusal) when (refusal.Code == DockerEngine.RequestRefused
                && refusal.Message.Contains("quota", StringComparison.OrdinalIgnoreCase))
            {
                _hasNoQuotas = true;
            }
        }

        await _docker.CreateVolumeAsync(new DockerVolume(name, labels), cancellationToken).ConfigureAwait(false);
    }
}
