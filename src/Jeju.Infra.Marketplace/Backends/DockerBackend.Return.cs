using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Marketplace.Backends;

public sealed partial class DockerBackend
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RemovalPoll = TimeSpan.FromMilliseconds(50);

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

    /// <summary>Whether a container is there, and is not on its way out.</summary>
    private async Task<bool> IsStayingAsync(string containerId, CancellationToken cancellationToken) =>
        await _docker.FindContainerAsync(containerId, cancellationToken).ConfigureAwait(false) is { State.Status: not ("removing" or "dead") };

    /// <summary>Waits for the end of a removal: until then the container's name is taken.</summary>
    private async Task WaitUntilGoneAsync(string containerId, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        while (await _docker.FindContainerAsync(containerId, cancellationToken).ConfigureAwait(false) is not null && _time.GetElapsedTime(started) < RemovalLimit)
        {
            await Task.Delay(RemovalPoll, _time, cancellationToken).ConfigureAwait(false);
        }
    }
}
