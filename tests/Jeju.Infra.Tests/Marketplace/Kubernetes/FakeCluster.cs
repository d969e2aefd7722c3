using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Marketplace.Backends;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jeju.Infra.Tests.Marketplace.Kubernetes;

/// <summary>
/// The border of the Kubernetes backend: a server that does with the requests of the backend what the API server, the controllers of the cluster and the kubelet do with them, and refuses everything that it
/// does not know. It authenticates by token, authorizes by the agent's role, validates, owns fields by manager, deletes in the foreground, pages lists and forgets old versions. At the end it complains of
/// every request that it did not know.
/// </summary>
internal sealed partial class FakeCluster : IAsyncDisposable
{
    public const string Namespace = "dws-tenants";

    private readonly WebApplication _server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jeju-cluster-");
    private readonly ConcurrentQueue<string> _unknown = new();
    private readonly CancellationTokenSource _stop = new();
    private string _token = string.Empty;
    private int _requests;

    private FakeCluster(WebApplication server) => _server = server;

    /// <summary>The permissions that were needed: group, resource, verb.</summary>
    public ConcurrentDictionary<(string Group, string Resource, string Verb), bool> Used { get; } = new();

    /// <summary>After how many more requests the connection of the agent breaks, as if the agent was killed; and whether the last one is still done.</summary>
    public (int Requests, bool IsLastDone)? Cut { get; set; }

    /// <summary>The most objects of one page of a list.</summary>
    public int PageSize { get; set; } = 500;

    /// <summary>How many of the next continued lists are too late.</summary>
    public int ForgottenPages { get; set; }

    public int Requests => _requests;

    public KubernetesBackendSettings Settings { get; private set; } = null!;

    /// <summary>Starts a server.</summary>
    /// <param name="certificate">Its certificate; null for one without TLS.</param>
    public static async Task<FakeCluster> StartAsync(X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication server = builder.Build();
        FakeCluster cluster = new(server);
        server.Run(cluster.AnswerAsync);
        await server.StartAsync();
        File.WriteAllText(
            Path.Combine(cluster._folder.FullName, "images.lock.json"),
            JsonSerializer.Serialize(ServiceCatalog.All.Select(kind => kind.Workload?.Image.Registry).OfType<string>().Distinct().ToDictionary(image => image, _ => "sha256:" + new string('a', 64))));
        cluster.Settings = new KubernetesBackendSettings
        {
            Namespace = Namespace,
            StorageClass = "gp3",
            ImageLockFile = Path.Combine(cluster._folder.FullName, "images.lock.json"),
            Server = server.Urls.Single(),
            TokenFile = Path.Combine(cluster._folder.FullName, "token"),
        };
        cluster.RenewToken();
        return cluster;
    }

    /// <summary>A new token in the file; the old one is worth nothing any more.</summary>
    public void RenewToken()
    {
        _token = RandomNumberGenerator.GetHexString(32);
        File.WriteAllText(Settings.TokenFile, _token + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Pulse();
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        _stop.Dispose();
        _folder.Delete(recursive: true);
        Assert.Empty(_unknown);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        bool isLast = false;
        if (Cut is { } cut)
        {
            if (cut.Requests <= 0)
            {
                context.Abort();
                return;
            }

            isLast = cut is { Requests: 1, IsLastDone: true };
            Cut = cut with { Requests = cut.Requests - 1 };
        }

        try
        {
            if (context.Request.Headers.Authorization != $"Bearer {_token}")
            {
                throw new ApiRefusalException(401, "Unauthorized", "Unauthorized");
            }

            string body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            Request request = Parse(context.Request, body);
            if (request.IsWatch)
            {
                await WatchAsync(context, request);
                return;
            }

            string answer = Do(request);
            if (isLast)
            {
                context.Abort();
                return;
            }

            context.Response.ContentType = request.IsLog ? "text/plain" : "application/json";
            await context.Response.WriteAsync(answer, context.RequestAborted);
        }
        catch (ApiRefusalException refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(refusal.ToStatus().ToJsonString(), context.RequestAborted);
        }
        catch (Exception unknown) when (unknown is NotSupportedException or JsonException or InvalidOperationException or NullReferenceException or KeyNotFoundException)
        {
            _unknown.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}: {unknown.Message}");
            context.Response.StatusCode = 500;
        }
    }

    private static Request Parse(HttpRequest request, string body)
    {
        string[] steps = request.Path.Value!.Trim('/').Split('/');
        (string group, string[] rest) = steps switch
        {
            ["api", "v1", "namespaces", .. var core] => ("", core),
            ["apis", var named, "v1", "namespaces", .. var others] => (named, others),
            _ => throw new NotSupportedException("no such path"),
        };
        (string plural, string? name, string? part) = rest switch
        {
            [Namespace, var all] => (all, null, null),
            [Namespace, var all, var one] => (all, one, null),
            [Namespace, "pods", var one, "log"] => ("pods", one, (string?)"log"),
            _ => throw new NotSupportedException("no such path, or not the tenants' namespace"),
        };
        Dictionary<string, string> query = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.Single()!);
        string verb = (request.Method, name, query.ContainsKey("watch")) switch
        {
            ("GET", null, true) => "watch",
            ("GET", null, false) => "list",
            ("GET", _, false) => "get",
            ("PATCH", not null, false) when request.ContentType?.StartsWith("application/apply-patch+yaml", StringComparison.Ordinal) == true => "patch",
            ("DELETE", not null, false) => "delete",
            _ => throw new NotSupportedException("no such verb"),
        };
        string[] known = (verb, part) switch
        {
            ("get", "log") => ["tailLines", "limitBytes"],
            ("list", _) => ["limit", "continue", plural == "events" ? "fieldSelector" : "labelSelector"],
            ("watch", _) => ["watch", "allowWatchBookmarks", "timeoutSeconds", "resourceVersion", "labelSelector"],
            ("patch", _) => ["fieldManager", "fieldValidation", "force"],
            _ => [],
        };
        return query.Keys.Except(known).ToList() is { Count: > 0 } strange
            ? throw new NotSupportedException($"no such query: {string.Join(", ", strange)}")
            : new Request(group, plural, name, part, verb, query, body.Length == 0 ? null : JsonNode.Parse(body)!.AsObject());
    }

    /// <summary>The agent may do what its role says, and it is written down what it does.</summary>
    private void Authorize(string group, string resource, string verb)
    {
        if (!TenantPermissions.All.Any(permission => permission.Group == group && permission.Resource == resource && permission.Verbs.Contains(verb)))
        {
            throw new ApiRefusalException(403, "Forbidden", $"{resource} is forbidden: the agent cannot {verb} resource \"{resource}\" in API group \"{group}\"");
        }

        Used[(group, resource, verb)] = true;
    }

    private async Task WatchAsync(HttpContext context, Request request)
    {
        Authorize(request.Group, request.Plural, "watch");
        long version = long.Parse(request.Query["resourceVersion"], System.Globalization.CultureInfo.InvariantCulture);
        int ended = Volatile.Read(ref _endedWatches);
        Interlocked.Increment(ref _watches);
        if (IsForgotten(version) || version < Volatile.Read(ref _beginsAgainAt))
        {
            throw new ApiRefusalException(410, "Expired", "too old resource version");
        }

        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(context.RequestAborted);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        while (!end.IsCancellationRequested)
        {
            Task next = NextChange;
            bool isLast = ended != Volatile.Read(ref _endedWatches);
            if (IsForgotten(version))
            {
                if (!isLast)
                {
                    // The same refusal as above, but in a stream that has begun.
                    await WriteAsync("ERROR", new ApiRefusalException(410, "Expired", "too old resource version").ToStatus());
                }

                return;
            }

            foreach ((long at, string type, JsonObject changed) in ChangesSince(request.Plural, request.Query["labelSelector"], version))
            {
                await WriteAsync(type, changed);
                version = at;
            }

            if (isLast)
            {
                return;
            }

            await next.WaitAsync(end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        async Task WriteAsync(string type, JsonObject changed)
        {
            await context.Response.WriteAsync(new JsonObject { ["type"] = type, ["object"] = changed }.ToJsonString() + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private sealed record Request(string Group, string Plural, string? Name, string? Part, string Verb, IReadOnlyDictionary<string, string> Query, JsonObject? Body)
    {
        public bool IsWatch => Verb == "watch";

        public bool IsLog => Part == "log";

        public string Resource => Part is null ? Plural : $"{Plural}/{Part}";
    }
}
