using System.Text.Json.Nodes;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Credentials;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// Runs each lease as a stateful set of one pod with a volume, a secret, a service and a network policy of its own, all five of one name. The order of creation is volume (which carries what was chosen for
/// the lease), secret, network policy, service, set; each step finds what an earlier run left. The cluster keeps the pod running while no agent does.
/// </summary>
public sealed partial class KubernetesBackend : IComputeBackend, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a call waits for a pod; the next one goes on waiting. A pull, or a new node, may take minutes, in which the agent starts other leases.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly KubernetesBackendSettings _settings;
    private readonly KubernetesApi _api;
    private readonly BackendScope _scope;
    private readonly TimeProvider _time;

    /// <summary>Makes the backend; nothing is created before a lease asks for it.</summary>
    /// <param name="settings">The cluster and the namespace.</param>
    /// <param name="scope">Whose workloads these are.</param>
    /// <param name="time">The clock of the deadlines.</param>
    public KubernetesBackend(KubernetesBackendSettings settings, BackendScope scope, TimeProvider time)
    {
        _settings = settings;
        _api = new KubernetesApi(settings, time);
        _scope = scope;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => "kubernetes";

    /// <inheritdoc/>
    public bool HasListeners => true;

    /// <inheritdoc/>
    public Task PrepareAsync(ServiceKind kind, CancellationToken cancellationToken)
    {
        LeaseSecrets.RequireTls(kind);

        // The node that will run it pulls it; what can be known beforehand is whether there is anything to pull.
        _ = ImageOf(_settings, kind);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<Workload> EnsureAsync(WorkloadRequest request, CancellationToken cancellationToken)
    {
        const int Attempts = 3;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryEnsureAsync(request, cancellationToken).ConfigureAwait(false) is { } workload)
            {
                return workload;
            }
        }

        throw new InfraException(
            MarketplaceErrors.WorkloadFailed,
            $"The stateful set of order {request.OrderId} vanishes as soon as it is made.",
            $"Look for another program that removes objects of the namespace {_api.Namespace}.");
    }

    /// <inheritdoc/>
    public Task RemoveAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        RemoveByNameAsync(WorkloadLabels.NameOf(_scope, orderId), cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAllAsync(bool onlyOtherChains, CancellationToken cancellationToken)
    {
        string query = LeaseObjects.SelectorOfAgent(_scope);
        List<string> names = [];
        foreach (KubernetesResource resource in (KubernetesResource[])[KubernetesResource.VolumeClaim, KubernetesResource.StatefulSet])
        {
            (IReadOnlyList<JsonObject> items, string _) = await _api.ListAsync(resource, query, cancellationToken).ConfigureAwait(false);
            names.AddRange(items
                .Where(item => LeaseObjects.Read(item, "annotations", WorkloadLabels.Chain) is { } chain
                    && chain.StartsWith($"{_scope.Chain}-", StringComparison.Ordinal)
                    && !(onlyOtherChains && chain == _scope.ChainLabel))
                .Select(item => item["metadata"]!["name"]!.GetValue<string>()));
        }

        await Task.WhenAll(names.Distinct(StringComparer.Ordinal).Select(name => RemoveByNameAsync(name, cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<string?> ReadLogTailAsync(Bytes32 orderId, CancellationToken cancellationToken) =>
        _api.ReadLogAsync(LeaseObjects.PodOf(WorkloadLabels.NameOf(_scope, orderId)), 20, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    /// <summary>The image of a kind by its digest: what every restart of a lease runs, and what an operator has seen.</summary>
    /// <exception cref="InfraException">JEJU0610: it has none; JEJU0623: the kind has no workload.</exception>
    internal static string ImageOf(KubernetesBackendSettings settings, ServiceKind kind)
    {
        ServiceImage image = DockerBackend.TemplateOf(kind).Image;
        ImageLock digests = ImageLock.Read(settings.ImageLockFile);
        return digests.IsPinned(image)
            ? digests.ReferenceOf(image)
            : throw new InfraException(
                MarketplaceErrors.ImageUnavailable,
                $"The image {image.Registry} of {kind.Title} has no digest in {settings.ImageLockFile}. A cluster's nodes build nothing, and a tag may be another program tomorrow.",
                "Resolve it with `./jeju images pin` and deploy the agent again, or withdraw the offer of this kind.");
    }

    /// <summary>The running workload; null where somebody removed it while it was waited for.</summary>
    private async Task<Workload?> TryEnsureAsync(WorkloadRequest request, CancellationToken cancellationToken)
    {
        LeaseObjects lease = new(_scope, _api.Namespace, request.OrderId, request.Kind.Name, DockerBackend.TemplateOf(request.Kind), _settings.LeaseDomain);
        JsonObject? claim = await FindVolumeAsync(lease, request, cancellationToken).ConfigureAwait(false);
        JsonObject? secret = await _api.FindAsync(KubernetesResource.Secret, lease.Name, cancellationToken).ConfigureAwait(false);
        ServiceCredentials? credentials = CredentialsOf(secret);
        if (claim is not null && credentials is null)
        {
            // Whatever is in the volume has a password that nobody knows any more.
            RefuseIfDataIsLost(request, $"The secret {lease.Name} of order {request.OrderId} is gone, and with it the password of its data");
            await RemoveByNameAsync(lease.Name, cancellationToken).ConfigureAwait(false);
            claim = null;
        }

        string image = (claim is null ? null : LeaseObjects.Read(claim, "annotations", WorkloadLabels.Image)) ?? ImageOf(_settings, request.Kind);
        WorkloadLimits limits = (claim is null ? null : LeaseObjects.ParseLimits(LeaseObjects.Read(claim, "annotations", LeaseObjects.LimitsAnnotation))) ?? request.Limits;
        if (claim is null)
        {
            await ApplyAsync(KubernetesResource.VolumeClaim, lease.VolumeClaim(image, limits, _settings.StorageClass)).ConfigureAwait(false);
        }

        if (credentials is null)
        {
            LeaseSecrets secrets = LeaseSecrets.Generate(request.Kind, limits, lease.Endpoint.Host, _time.GetUtcNow());
            credentials = secrets.Credentials;
            await ApplyAsync(KubernetesResource.Secret, lease.Secret(secrets)).ConfigureAwait(false);
        }

        // The pod comes last: it must not run for a moment without its policy.
        await ApplyAsync(KubernetesResource.NetworkPolicy, lease.NetworkPolicy()).ConfigureAwait(false);
        await ApplyAsync(KubernetesResource.Service, lease.Service()).ConfigureAwait(false);
        await ApplyAsync(KubernetesResource.StatefulSet, lease.StatefulSet(image, limits)).ConfigureAwait(false);
        return await WaitUntilRunningAsync(lease.Name, request, cancellationToken).ConfigureAwait(false)
            ? new Workload(request.OrderId, request.Kind.Name, true, lease.Endpoint, credentials)
            : null;

        async Task ApplyAsync(KubernetesResource resource, JsonObject manifest)
        {
            // What an earlier removal left half gone still takes changes, and then goes all the same.
            while ((await _api.ApplyAsync(resource, manifest, lease.IsOwn, cancellationToken).ConfigureAwait(false))["metadata"]?["deletionTimestamp"] is not null)
            {
                await WaitUntilGoneAsync(resource, lease.Name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The lease's volume; null where there is none yet, or only the rest of one that nobody was told of.</summary>
    private async Task<JsonObject?> FindVolumeAsync(LeaseObjects lease, WorkloadRequest request, CancellationToken cancellationToken)
    {
        JsonObject? claim = await _api.FindAsync(KubernetesResource.VolumeClaim, lease.Name, cancellationToken).ConfigureAwait(false);
        if (claim is null)
        {
            RefuseIfDataIsLost(request, $"The volume {lease.Name} of order {request.OrderId} is gone");
            return null;
        }

        bool isGoing = claim["metadata"]?["deletionTimestamp"] is not null;
        if (isGoing || claim["status"]?["phase"]?.GetValue<string>() == "Lost")
        {
            RefuseIfDataIsLost(request, $"The volume {lease.Name} of order {request.OrderId} is {(isGoing ? "being removed" : "lost")}");
            await RemoveByNameAsync(lease.Name, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return claim;
    }

    private static void RefuseIfDataIsLost(WorkloadRequest request, string what)
    {
        if (request.Pinned is not null && request.Kind.IsStateful)
        {
            throw new InfraException(
                MarketplaceErrors.DataLost,
                $"{what}; an empty {request.Kind.Title} must not take its place.",
                "Restore it from a backup, or let the agent give the order up, which refunds its consumer.");
        }
    }

    private static ServiceCredentials? CredentialsOf(JsonObject? secret) =>
        secret?["metadata"]?["deletionTimestamp"] is null && secret?["data"]?[LeaseObjects.CredentialsEntry]?.GetValue<string>() is { } text
            ? LeaseCredentials.TryRead(Convert.FromBase64String(text))
            : null;

    /// <summary>In order: the pod with its own time to shut down, then what it used, at last the volume, whose presence says that there is something left.</summary>
    private async Task RemoveByNameAsync(string name, CancellationToken cancellationToken)
    {
        KubernetesResource[] order =
            [KubernetesResource.StatefulSet, KubernetesResource.Service, KubernetesResource.Secret, KubernetesResource.NetworkPolicy, KubernetesResource.VolumeClaim];
        foreach (KubernetesResource resource in order)
        {
            await _api.DeleteAsync(resource, name, cancellationToken).ConfigureAwait(false);
            await WaitUntilGoneAsync(resource, name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitUntilGoneAsync(KubernetesResource resource, string name, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        while (await _api.FindAsync(resource, name, cancellationToken).ConfigureAwait(false) is not null)
        {
            pause = await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits, and says how long to wait the next time: what is quick is noticed soon, what is slow is not hammered.</summary>
    private async Task<TimeSpan> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        return TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, pause.Ticks * 2));
    }
}
