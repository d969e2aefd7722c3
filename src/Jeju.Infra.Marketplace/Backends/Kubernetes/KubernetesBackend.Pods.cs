using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;

namespace Jeju.Infra.Marketplace.Backends;

public sealed partial class KubernetesBackend
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Workload>> ListAsync(CancellationToken cancellationToken)
    {
        string query = LeaseObjects.SelectorOf(_scope);
        Dictionary<Bytes32, Workload> workloads = [];
        foreach (KubernetesResource resource in (KubernetesResource[])[KubernetesResource.VolumeClaim, KubernetesResource.StatefulSet, KubernetesResource.Pod])
        {
            (IReadOnlyList<JsonObject> items, string _) = await _api.ListAsync(resource, query, cancellationToken).ConfigureAwait(false);
            foreach (JsonObject item in items)
            {
                if (OrderOf(item) is { } orderId)
                {
                    string kind = LeaseObjects.Read(item, "annotations", WorkloadLabels.Kind) ?? string.Empty;
                    bool isRunning = resource == KubernetesResource.Pod && IsRunning(item);
                    workloads[orderId] = isRunning || !workloads.TryGetValue(orderId, out Workload? known)
                        ? new Workload(orderId, kind, isRunning, isRunning ? EndpointOf(orderId, kind) : null, null)
                        : known;
                }
            }
        }

        return [.. workloads.Values];
    }

    /// <inheritdoc/>
    public async Task<Workload?> FindAsync(Bytes32 orderId, CancellationToken cancellationToken)
    {
        string name = WorkloadLabels.NameOf(_scope, orderId);
        if (await _api.FindAsync(KubernetesResource.StatefulSet, name, cancellationToken).ConfigureAwait(false) is not { } set)
        {
            return null;
        }

        string kind = LeaseObjects.Read(set, "annotations", WorkloadLabels.Kind) ?? string.Empty;
        JsonObject? pod = await _api.FindAsync(KubernetesResource.Pod, LeaseObjects.PodOf(name), cancellationToken).ConfigureAwait(false);
        JsonObject? secret = await _api.FindAsync(KubernetesResource.Secret, name, cancellationToken).ConfigureAwait(false);
        bool isRunning = pod is not null && IsRunning(pod);
        return new Workload(orderId, kind, isRunning, isRunning ? EndpointOf(orderId, kind) : null, CredentialsOf(secret));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Bytes32?> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string query = LeaseObjects.SelectorOf(_scope);
        while (true)
        {
            (IReadOnlyList<JsonObject> pods, string version) = await _api.ListAsync(KubernetesResource.Pod, query, cancellationToken).ConfigureAwait(false);
            Dictionary<string, PodRun> runs = pods.ToDictionary(UidOf, PodRun.Of);

            // What happened until here is found by looking at everything.
            yield return null;
            bool isKnown = true;
            while (isKnown)
            {
                IAsyncEnumerator<(string Type, JsonObject Object)> changes =
                    _api.WatchAsync(KubernetesResource.Pod, query, version, cancellationToken).GetAsyncEnumerator(cancellationToken);
                await using (changes.ConfigureAwait(false))
                {
                    while (true)
                    {
                        (bool hasNext, isKnown) = await MoveNextAsync(changes).ConfigureAwait(false);
                        if (!hasNext)
                        {
                            break;
                        }

                        (string type, JsonObject changed) = changes.Current;
                        version = changed["metadata"]?["resourceVersion"]?.GetValue<string>() ?? version;
                        if (type != "BOOKMARK" && HasStopped(runs, type, changed) && OrderOf(changed) is { } orderId)
                        {
                            yield return orderId;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Whether there is another change; and, when there is none, whether the watch can go on from the last version.</summary>
    private static async Task<(bool HasNext, bool IsKnown)> MoveNextAsync(IAsyncEnumerator<(string Type, JsonObject Object)> changes)
    {
        try
        {
            return (await changes.MoveNextAsync().ConfigureAwait(false), true);
        }
        catch (KubernetesVersionGoneException)
        {
            return (false, false);
        }
    }

    private static string UidOf(JsonObject pod) => pod["metadata"]?["uid"]?.GetValue<string>() ?? string.Empty;

    /// <summary>A pod that ran and does not any more, also for so short a moment that only its number of restarts tells.</summary>
    private static bool HasStopped(Dictionary<string, PodRun> runs, string type, JsonObject pod)
    {
        PodRun? before = runs.GetValueOrDefault(UidOf(pod));
        if (type == "DELETED")
        {
            runs.Remove(UidOf(pod));
            return true;
        }

        PodRun now = PodRun.Of(pod);
        runs[UidOf(pod)] = now;
        return before is not null && ((before.IsRunning && !now.IsRunning) || now.Restarts > before.Restarts);
    }

    private static Bytes32? OrderOf(JsonObject item) =>
        Bytes32.TryParse(LeaseObjects.Read(item, "annotations", WorkloadLabels.Lease), out Bytes32 orderId) ? orderId : null;

    private ServiceEndpoint? EndpointOf(Bytes32 orderId, string kind) => ServiceCatalog.TryFind(Bytes32.FromName(kind))?.Workload is { } template
        ? LeaseObjects.EndpointOf(WorkloadLabels.NameOf(_scope, orderId), _api.Namespace, template, _settings.LeaseDomain)
        : null;

    private static bool IsRunning(JsonObject pod) => PodRun.Of(pod).IsRunning;

    /// <summary>Whether the process of the lease runs, which need not answer yet; false where its set is gone again.</summary>
    private async Task<bool> WaitUntilRunningAsync(string name, WorkloadRequest request, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        TimeSpan pause = FirstPause;
        while (true)
        {
            JsonObject? pod = await _api.FindAsync(KubernetesResource.Pod, LeaseObjects.PodOf(name), cancellationToken).ConfigureAwait(false);
            if (pod is not null && IsRunning(pod))
            {
                return true;
            }

            if (pod is null && await _api.FindAsync(KubernetesResource.StatefulSet, name, cancellationToken).ConfigureAwait(false) is null)
            {
                return false;
            }

            (string? reason, string message) = WhyNotRunning(pod);
            if (reason is "ImagePullBackOff" or "InvalidImageName")
            {
                // A lease that is served already waits for the registry; a new one is refunded at once.
                throw new InfraException(
                    request.Pinned is null ? MarketplaceErrors.ImageUnavailable : MarketplaceErrors.WorkloadFailed,
                    $"The image of order {request.OrderId} cannot be pulled: {message}",
                    "Give the cluster's nodes access to the registry, or resolve the digest anew with `./jeju images pin`.");
            }

            if (reason == "CrashLoopBackOff" || _time.GetElapsedTime(started) > Patience)
            {
                string? warning = await LastWarningAsync(name, cancellationToken).ConfigureAwait(false);
                throw new InfraException(
                    MarketplaceErrors.WorkloadFailed,
                    $"The pod of order {request.OrderId} does not run: {string.Join(" ", new[] { reason, message, warning }.Where(text => !string.IsNullOrEmpty(text)))}",
                    $"The agent goes on waiting; look at the pod {LeaseObjects.PodOf(name)}, at the quota of the namespace {_api.Namespace} and at the number of nodes.");
            }

            pause = await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static (string? Reason, string Message) WhyNotRunning(JsonObject? pod)
    {
        if (pod is null)
        {
            return (null, "there is no pod");
        }

        JsonNode? waiting = PodRun.StatusOf(pod)?["state"]?["waiting"];
        JsonNode? refused = pod["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => condition?["status"]?.GetValue<string>() == "False" && condition["message"] is not null);
        JsonNode? source = waiting ?? refused;
        return (source?["reason"]?.GetValue<string>(), source?["message"]?.GetValue<string>() ?? string.Empty);
    }

    /// <summary>What the cluster says of the set, for example that the quota is used up: then there is no pod that could say it.</summary>
    private async Task<string?> LastWarningAsync(string name, CancellationToken cancellationToken)
    {
        string query = "fieldSelector=" + Uri.EscapeDataString($"involvedObject.name={name},type=Warning");
        (IReadOnlyList<JsonObject> events, string _) = await _api.ListAsync(KubernetesResource.Event, query, cancellationToken).ConfigureAwait(false);
        return events.OrderBy(item => item["lastTimestamp"]?.GetValue<string>(), StringComparer.Ordinal).LastOrDefault()?["message"]?.GetValue<string>();
    }

    /// <summary>What a pod says of its one container.</summary>
    private sealed record PodRun(bool IsRunning, int Restarts)
    {
        public static PodRun Of(JsonObject pod) => new(
            pod["metadata"]?["deletionTimestamp"] is null && StatusOf(pod)?["state"]?["running"] is not null,
            StatusOf(pod)?["restartCount"]?.GetValue<int>() ?? 0);

        public static JsonNode? StatusOf(JsonObject pod) => pod["status"]?["containerStatuses"]?.AsArray().FirstOrDefault();
    }
}
