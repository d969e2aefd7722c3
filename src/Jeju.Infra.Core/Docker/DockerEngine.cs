using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Jeju.Infra.Core.Docker;

/// <summary>
/// A small client of the Docker Engine API over its unix socket: the calls that a lease's workload and a localnet's resources need, no more.
/// Every call has a deadline, because a daemon that hangs must not block the other leases of an agent; only <see cref="WatchAsync"/>, a pull
/// and an import last longer. "Not found" is an answer (null or false), every other refusal is an <see cref="InfraException"/>.
/// </summary>
public sealed partial class DockerEngine : IDisposable
{
    /// <summary>Where the daemon listens on Debian, Ubuntu and most others.</summary>
    public const string DefaultSocketPath = "/var/run/docker.sock";

    /// <summary>The daemon does not answer.</summary>
    public static readonly ErrorCode Unreachable = new(601);

    /// <summary>The daemon answered with a refusal.</summary>
    public static readonly ErrorCode RequestRefused = new(602);

    /// <summary>The daemon has no room left on its disk.</summary>
    public static readonly ErrorCode DiskFull = new(603);

    // 1.41 is Docker 20.10, the oldest that Debian and Ubuntu still ship; the daemon may insist on a newer one.
    private static readonly Version PreferredApiVersion = new(1, 41);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly SemaphoreSlim _versionGate = new(1, 1);
    private string? _versionPrefix;

    /// <summary>Makes a client; nothing is sent before the first call.</summary>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="socketPath">The daemon's unix socket; see <see cref="ResolveSocketPath"/>.</param>
    /// <param name="deadline">The deadline of an ordinary call; 60 seconds where absent (a stop waits for the workload's own shutdown).</param>
    public DockerEngine(TimeProvider time, string? socketPath = null, TimeSpan? deadline = null)
    {
        SocketPath = socketPath ?? DefaultSocketPath;
        _time = time;
        _deadline = deadline ?? TimeSpan.FromSeconds(60);
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) })
        {
            BaseAddress = new Uri("http://docker"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The daemon's unix socket.</summary>
    public string SocketPath { get; }

    /// <summary>The socket that the usual variable names, or the default. Only unix sockets are supported.</summary>
    /// <param name="dockerHost">The value of <c>DOCKER_HOST</c>, if set.</param>
    /// <exception cref="InfraException">JEJU0601: the variable names another transport.</exception>
    public static string ResolveSocketPath(string? dockerHost)
    {
        const string Scheme = "unix://";
        return dockerHost switch
        {
            null or "" => DefaultSocketPath,
            _ when dockerHost.StartsWith(Scheme, StringComparison.Ordinal) => dockerHost[Scheme.Length..],
            _ => throw new InfraException(
                Unreachable,
                $"DOCKER_HOST is '{dockerHost}'; only unix sockets are supported.",
                $"Unset DOCKER_HOST, or set it to {Scheme}{DefaultSocketPath}.",
                FailureKind.Usage),
        };
    }

    /// <summary>As <see cref="ResolveSocketPath"/>, of this process's own environment.</summary>
    /// <exception cref="InfraException">JEJU0601: the variable names another transport.</exception>
    public static string SocketPathOfEnvironment() => ResolveSocketPath(Environment.GetEnvironmentVariable("DOCKER_HOST"));

    /// <summary>The daemon's version and the range of API versions it speaks.</summary>
    public async Task<DockerVersion> VersionAsync(CancellationToken cancellationToken) =>
        await ReadAsync<DockerVersion>(HttpMethod.Get, "/version", null, "read the version", versioned: false, cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _versionGate.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<string> VersionPrefixAsync(CancellationToken cancellationToken)
    {
        if (_versionPrefix is { } known)
        {
            return known;
        }

        await _versionGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_versionPrefix is null)
            {
                DockerVersion version = await VersionAsync(cancellationToken).ConfigureAwait(false);
                Version oldest = Version.Parse(version.MinAPIVersion);
                _versionPrefix = "/v" + (oldest > PreferredApiVersion ? oldest : PreferredApiVersion);
            }

            return _versionPrefix;
        }
        finally
        {
            _versionGate.Release();
        }
    }

    private async Task<T> ReadAsync<T>(
        HttpMethod method, string path, object? body, string purpose, bool versioned, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await SendAsync(method, path, Json(body), purpose, versioned, cancellationToken)
            .ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);
        return await ParseAsync<T>(response, purpose, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T?> FindAsync<T>(string path, string purpose, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, null, purpose, versioned: true, cancellationToken)
            .ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);
        return await ParseAsync<T>(response, purpose, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A call without an answer. False where the object does not exist; "already so" (304) is success.</summary>
    private async Task<bool> ActAsync(HttpMethod method, string path, HttpContent? content, string purpose, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(method, path, content, purpose, versioned: true, cancellationToken)
            .ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        if (response.StatusCode != HttpStatusCode.NotModified)
        {
            await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, string purpose, bool versioned, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = new(_deadline, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await OpenAsync(method, path, content, HttpCompletionOption.ResponseContentRead, versioned, linked.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InfraException(
                Unreachable,
                $"The Docker daemon at {SocketPath} did not {purpose} within {_deadline.TotalSeconds:0} s.",
                "Look at the daemon's log and at the machine's load, then run the command again.",
                innerException: cause);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        HttpCompletionOption completion,
        bool versioned,
        CancellationToken cancellationToken)
    {
        string prefix = versioned ? await VersionPrefixAsync(cancellationToken).ConfigureAwait(false) : string.Empty;
        using HttpRequestMessage request = new(method, prefix + path) { Content = content };
        try
        {
            return await _http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException cause)
        {
            throw NotReachable(cause);
        }
    }

    private InfraException NotReachable(Exception cause) => new(
        Unreachable,
        $"The Docker daemon does not answer at {SocketPath}: {(File.Exists(SocketPath) ? cause.GetBaseException().Message : "there is no such socket")}.",
        "Start Docker, and make sure that this user may use its socket.",
        innerException: cause);

    private static JsonContent? Json(object? body) => body is null ? null : JsonContent.Create(body, body.GetType(), options: DockerJson.Options);

    private static async Task<T> ParseAsync<T>(HttpResponseMessage response, string purpose, CancellationToken cancellationToken)
        where T : class =>
        await response.Content.ReadFromJsonAsync<T>(DockerJson.Options, cancellationToken).ConfigureAwait(false)
        ?? throw new InfraException(
            RequestRefused, $"The Docker daemon answered with nothing when asked to {purpose}.", "Check the daemon's version and log.");

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, string purpose, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw Refusal(purpose, (int)response.StatusCode, DockerJson.MessageOf(text));
    }

    private static InfraException Refusal(string purpose, int status, string reason)
    {
        // The daemon has no code for a full disk, only the operating system's text.
        bool diskFull = reason.Contains("no space left on device", StringComparison.OrdinalIgnoreCase);
        return new InfraException(
            diskFull ? DiskFull : RequestRefused,
            $"The Docker daemon refused to {purpose} (HTTP {status}): {reason}",
            diskFull ? "Free space on the daemon's disk, then run the command again." : "See the reason above; `docker info` shows the daemon's state.",
            innerException: new DockerRefusalException(status, reason));
    }
}
