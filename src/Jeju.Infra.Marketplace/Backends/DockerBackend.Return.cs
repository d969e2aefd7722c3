using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Marketplace.Backends;

public sealed partial class DockerBackend
{
    private async Task<Workload?> TryStartKnownAsync(string name, WorkloadTemplate template, CancellationToken cancellationToken)
    {
        if (!_known.TryRemove(name, out (string ContainerId, Workload Workload) known))
        {
            return null;
        }

        ContainerStart start;
        try
        {
            start = await _docker.StartContainerAsync(known.ContainerId, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException refusal) when (refusal.Code == DockerEngine.RequestRefused)
        {
            // The way that looks at everything finds out why, and mends it.
            return null;
        }

        if (start == ContainerStart.Absent)
        {
            return null;
        }

        _known[name] = known;
        if (start == ContainerStart.Started)
        {
            await AnnounceAsync(name, template, cancellationToken).ConfigureAwait(false);
        }

        return known.Workload;
    }

    /// <summary>
    /// Lets the host know at once that a container is back, by a packet from the container to the host. The daemon listens on the published port
    /// some tenths of a second before the container is there, and the host that passes a client on asks the network who has the address (RFC 826):
    /// nobody yet. It asks again after a second, however soon the container answers; until then it reaches nobody. A packet from there answers the
    /// question unasked, as daemons from version 28 on do themselves.
    /// </summary>
    private async Task AnnounceAsync(string name, WorkloadTemplate template, CancellationToken cancellationToken)
    {
        if (template.Announcement is not { } announcement)
        {
            return;
        }

        DockerContainer? container = await _docker.FindContainerAsync(name, cancellationToken).ConfigureAwait(false);
        if (container?.NetworkSettings?.Networks?.GetValueOrDefault(name)?.Gateway is not { Length: > 0 } gateway)
        {
            // It has died again.
            return;
        }

        try
        {
            await _docker.StartProgramAsync(container.Id, announcement(gateway), cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException refusal) when (refusal.Code == DockerEngine.RequestRefused)
        {
            // It has died again, or its image has no such program: then its clients wait for the second, no longer.
        }
    }
}
