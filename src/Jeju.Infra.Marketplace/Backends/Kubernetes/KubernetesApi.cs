using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Backends;

/// <summary>
/// A small client of the Kubernetes API in one namespace: the calls that leases need, no more. Every call has a deadline; only a watch lasts longer. "Not found" is an answer (null), every other refusal is an
/// <see cref="InfraException"/>. What it writes it applies on the server's side, as <see cref="Manager"/>: the server knows which fields are the agent's, and leaves all others to their owners.
/// </summary>
internal sealed class KubernetesApi : IDisposable
{
    /// <summary>The name under which the server notes the agent's fields.</summary>
    public const string Manager = "jeju-agent";

    private const int PageSize = 100;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // A watch ends by itself after this time and is begun again where it stopped; a connection that died silently is noticed by then.
    private static readonly TimeSpan WatchTime = TimeSpan.FromMinutes(4);

    private readonly KubernetesBackendSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public KubernetesApi(KubernetesBackendSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate as X509Certificate2, chain, errors),
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri(settings.Server), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The namespace that everything here is in.</summary>
    public string Namespace => _settings.Namespace;

    public void Dispose() => _http.Dispose();

    /// <summary>An object, or null.</summary>
    public async Task<JsonObject?> FindAsync(KubernetesResource resource, string name, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"{resource.PathIn(Namespace)}/{name}", null, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await ReadAsync(response, $"read the {resource.Kind} {name}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All objects that a selector matches, read in pages, and the version of the list, from which a watch can go on.</summary>
    /// <param name="resource">The kind of object.</param>
    /// <param name="query">For example <c>labelSelector=a%3Db</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<(IReadOnlyList<JsonObject> Items, string Version)> ListAsync(KubernetesResource resource, string query, CancellationToken cancellationToken)
    {
        const int Tries = 3;
        for (int attempt = 1; ; attempt++)
        {
            List<JsonObject> items = [];
            string next = string.Empty;
            while (true)
            {
                string path = $"{resource.PathIn(Namespace)}?limit={PageSize}&{query}{(next.Length > 0 ? "&continue=" + Uri.EscapeDataString(next) : string.Empty)}";
                using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.Gone && next.Length > 0 && attempt < Tries)
                {
                    // The pages took so long that the server has forgotten the list's version: begin anew.
                    break;
                }

                JsonObject page = await ReadAsync(response, $"list {resource.Plural}", cancellationToken).ConfigureAwait(false);
                items.AddRange(page["items"]?.AsArray().OfType<JsonObject>() ?? []);
                next = page["metadata"]?["continue"]?.GetValue<string>() ?? string.Empty;
                if (next.Length == 0)
                {
                    return (items, page["metadata"]?["resourceVersion"]?.GetValue<string>() ?? string.Empty);
                }
            }
        }
    }

    /// <summary>
    /// Makes an object what the manifest says, as far as the manifest says anything. Fields that somebody else has set differently are taken over only of objects that are the agent's own.
    /// </summary>
    /// <param name="resource">The kind of object.</param>
    /// <param name="manifest">The fields that are the agent's.</param>
    /// <param name="isOwn">Whether an object that is there already is the agent's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<JsonObject> ApplyAsync(KubernetesResource resource, JsonObject manifest, Func<JsonObject, bool> isOwn, CancellationToken cancellationToken)
    {
        string name = manifest["metadata"]!["name"]!.GetValue<string>();
        string path = $"{resource.PathIn(Namespace)}/{name}?fieldManager={Manager}&fieldValidation=Strict";
        using HttpResponseMessage first = await SendAsync(HttpMethod.Patch, path, manifest, cancellationToken).ConfigureAwait(false);
        if (first.StatusCode != HttpStatusCode.Conflict)
        {
            return await ReadAsync(first, $"apply the {resource.Kind} {name}", cancellationToken).ConfigureAwait(false);
        }

        JsonObject? present = await FindAsync(resource, name, cancellationToken).ConfigureAwait(false);
        if (present is not null && !isOwn(present))
        {
            throw new InfraException(
                MarketplaceErrors.WorkloadFailed,
                $"The {resource.Kind} {name} in the namespace {Namespace} belongs to somebody else.",
                "Remove it, or give the agent a namespace of its own.",
                FailureKind.Refused);
        }

        using HttpResponseMessage second = await SendAsync(HttpMethod.Patch, path + "&force=true", manifest, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(second, $"apply the {resource.Kind} {name}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has an object deleted, and what it made before it. The deletion goes on after the call; deleting nothing succeeds.</summary>
    public async Task DeleteAsync(KubernetesResource resource, string name, CancellationToken cancellationToken)
    {
        JsonObject options = new() { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Foreground" };
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Delete, $"{resource.PathIn(Namespace)}/{name}", options, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await ReadAsync(response, $"delete the {resource.Kind} {name}", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The changes of objects from a version on, until the server ends the watch, which it does every few minutes. Each has a <c>type</c> (ADDED, MODIFIED, DELETED, BOOKMARK) and the <c>object</c>.
    /// </summary>
    /// <exception cref="KubernetesVersionGoneException">The version is too old: list again.</exception>
    public async IAsyncEnumerable<(string Type, JsonObject Object)> WatchAsync(
        KubernetesResource resource, string query, string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = new(WatchTime + Deadline, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        string path = $"{resource.PathIn(Namespace)}?watch=true&allowWatchBookmarks=true&timeoutSeconds={(int)WatchTime.TotalSeconds}&resourceVersion={version}&{query}";
        using HttpRequestMessage request = Request(HttpMethod.Get, path, null);
        using HttpResponseMessage response = await ReachAsync(
            () => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            throw new KubernetesVersionGoneException();
        }

        if (!response.IsSuccessStatusCode)
        {
            await ReadAsync(response, $"watch {resource.Plural}", cancellationToken).ConfigureAwait(false);
        }

        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false), Encoding.UTF8);
        while (await ReachAsync(() => reader.ReadLineAsync(linked.Token).AsTask(), cancellationToken).ConfigureAwait(false) is { Length: > 0 } line)
        {
            (string type, JsonObject changed) = ReadChange(line, resource);
            if (type == "ERROR")
            {
                throw changed["code"]?.GetValue<int>() == (int)HttpStatusCode.Gone
                    ? new KubernetesVersionGoneException()
                    : Refused($"watch {resource.Plural}", changed["message"]?.GetValue<string>() ?? line);
            }

            yield return (type, changed);
        }
    }

    /// <summary>The last lines that a pod wrote; null where there are none to be had.</summary>
    public async Task<string?> ReadLogAsync(string pod, int lines, CancellationToken cancellationToken)
    {
        string path = $"{KubernetesResource.Pod.PathIn(Namespace)}/{pod}/log?tailLines={lines}&limitBytes={64 * 1024}";
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);

        // A pod whose container has not begun to run is no good request.
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return null;
        }

        await ThrowIfRefusedAsync(response, $"read the log of the pod {pod}", cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(Deadline, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        using HttpRequestMessage request = Request(method, path, body);
        return await ReachAsync(() => _http.SendAsync(request, linked.Token), cancellationToken).ConfigureAwait(false);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? body)
    {
        HttpRequestMessage request = new(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
        {
            // Every JSON text is a YAML text, and this type is what makes a patch an apply.
            request.Content = new StringContent(
                body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/apply-patch+yaml" : "application/json"));
        }

        try
        {
            // The cluster renews the file long before the token in it ends.
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(_settings.TokenFile).Trim());
            return request;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            request.Dispose();
            throw Unreachable(cause);
        }
    }

    private async Task<T> ReachAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException || (cause is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unreachable(cause);
        }
    }

    private InfraException Unreachable(Exception cause) => new(
        MarketplaceErrors.KubernetesUnreachable,
        $"The Kubernetes API at {_settings.Server} does not answer: {cause.Message}",
        "The workloads go on by themselves. Look at the cluster's control plane, and at the network policy and the token of the agent's pod.",
        innerException: cause);

    private static InfraException Refused(string purpose, string reason) => new(
        MarketplaceErrors.KubernetesRefused, $"The Kubernetes API refused to {purpose}: {reason}", "Look at the role and the quota of the tenants' namespace.");

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, string purpose, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        string? message = null;
        try
        {
            message = JsonNode.Parse(text)?["message"]?.GetValue<string>();
        }
        catch (Exception noStatus) when (noStatus is JsonException or InvalidOperationException)
        {
            // Something before the API answered; its status code says the most.
        }

        throw Refused(purpose, $"{(int)response.StatusCode} {message ?? response.ReasonPhrase}");
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, string purpose, CancellationToken cancellationToken)
    {
        await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)) as JsonObject
                ?? throw Refused(purpose, "the answer is no object");
        }
        catch (JsonException cause)
        {
            throw Refused(purpose, cause.Message);
        }
    }

    private static (string Type, JsonObject Object) ReadChange(string line, KubernetesResource resource)
    {
        try
        {
            JsonNode? change = JsonNode.Parse(line);
            return change?["type"] is { } type && change["object"] is JsonObject changed
                ? (type.GetValue<string>(), changed)
                : throw Refused($"watch {resource.Plural}", "a change without type or object");
        }
        catch (JsonException cause)
        {
            throw Refused($"watch {resource.Plural}", cause.Message);
        }
    }

    /// <summary>Only the cluster's own authority is believed, whatever else this machine trusts.</summary>
    private bool IsTrusted(X509Certificate2? certificate, X509Chain? given, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(_settings.AuthorityFile);
        chain.ChainPolicy.ExtraStore.AddRange(given?.ChainElements.Select(element => element.Certificate).ToArray() ?? []);

        return chain.Build(certificate);
    }
}

/// <summary>The version to watch from is so old that the server has forgotten what happened since.</summary>
internal sealed class KubernetesVersionGoneException() : Exception("The version is too old for a watch.");
