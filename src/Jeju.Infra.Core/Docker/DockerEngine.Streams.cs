using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace Jeju.Infra.Core.Docker;

public sealed partial class DockerEngine
{
    /// <summary>An image by name or content id, or null.</summary>
    public Task<DockerImage?> FindImageAsync(string nameOrId, CancellationToken cancellationToken) =>
        FindAsync<DockerImage>($"/images/{Uri.EscapeDataString(nameOrId)}/json", $"inspect image '{nameOrId}'", cancellationToken);

    /// <summary>The images that have a name of a pattern, <c>*</c> for any text within the tag.</summary>
    public async Task<IReadOnlyList<DockerImage>> ListImagesAsync(string pattern, CancellationToken cancellationToken)
    {
        Dictionary<string, string[]> filter = new() { ["reference"] = [pattern] };
        return await ReadAsync<IReadOnlyList<DockerImage>>(
            HttpMethod.Get,
            $"/images/json?filters={Uri.EscapeDataString(JsonSerializer.Serialize(filter))}",
            null,
            "list images",
            versioned: true,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a name of an image, and the image with its last name. False where it does not exist.</summary>
    public Task<bool> RemoveImageAsync(string nameOrId, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Delete, $"/images/{Uri.EscapeDataString(nameOrId)}", null, $"remove image '{nameOrId}'", cancellationToken);

    /// <summary>Gives an image one more name. False where the image does not exist.</summary>
    public Task<bool> TagImageAsync(string nameOrId, string repository, string tag, CancellationToken cancellationToken) =>
        ActAsync(
            HttpMethod.Post,
            $"/images/{Uri.EscapeDataString(nameOrId)}/tag?repo={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}",
            null,
            $"name image '{repository}:{tag}'",
            cancellationToken);

    /// <summary>The digest under which a registry has an image. Asks the registry; nothing is pulled.</summary>
    /// <param name="reference">The image, with a tag.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<string> ReadRegistryDigestAsync(string reference, CancellationToken cancellationToken)
    {
        Distribution answer = await ReadAsync<Distribution>(
            HttpMethod.Get, $"/distribution/{reference}/json", null, $"ask the registry for image '{reference}'", versioned: true, cancellationToken)
            .ConfigureAwait(false);
        return answer.Descriptor.Digest;
    }

    /// <summary>Pulls an image from its registry. The caller sets the deadline: a large image takes as long as it takes.</summary>
    /// <param name="reference">The image, with a tag or a digest.</param>
    /// <param name="progress">Told what the daemon reports, line by line.</param>
    /// <param name="cancellationToken">Cancels the pull.</param>
    public async Task PullImageAsync(string reference, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        string path = $"/images/create?fromImage={Uri.EscapeDataString(reference)}";
        await FollowAsync(path, null, $"pull image '{reference}'", progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes an image of one layer from a root file system.</summary>
    /// <param name="repository">The image's name.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="changes">Configuration in the words of a Dockerfile, one instruction each.</param>
    /// <param name="writeRootFileSystem">Writes the tar stream; it is sent while it is written.</param>
    /// <param name="cancellationToken">Cancels the import; the daemon then keeps nothing.</param>
    public async Task ImportImageAsync(
        string repository,
        string tag,
        IReadOnlyCollection<string> changes,
        Func<Stream, CancellationToken, Task> writeRootFileSystem,
        CancellationToken cancellationToken)
    {
        string instructions = string.Concat(changes.Select(change => "&changes=" + Uri.EscapeDataString(change)));
        string path = $"/images/create?fromSrc=-&repo={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}{instructions}";
        using WrittenContent content = new(writeRootFileSystem, cancellationToken);
        try
        {
            await FollowAsync(path, content, $"import image '{repository}:{tag}'", null, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException) when (content.Failure is not null)
        {
            // The transport reports a body that could not be written as a failed request; the caller wants to know why.
            content.Failure.Throw();
        }
    }

    /// <summary>
    /// The daemon's events from now on, as they happen. The first element is null: it says that the subscription stands, so that a caller who
    /// then looks at the present state misses nothing. Ends when the daemon goes away.
    /// </summary>
    /// <param name="labels">Only events of objects with all these labels.</param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    public async IAsyncEnumerable<DockerEvent?> WatchAsync(
        IReadOnlyCollection<string> labels, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await OpenAsync(
            HttpMethod.Get,
            $"/events?filters={LabelFilter(labels)}",
            null,
            HttpCompletionOption.ResponseHeadersRead,
            versioned: true,
            cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, "report events", cancellationToken).ConfigureAwait(false);
        yield return null;

        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using StreamReader reader = new(stream);
        while (await ReadLineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0 && JsonSerializer.Deserialize<DockerEvent>(line, DockerJson.Options) is { } occurrence)
            {
                yield return occurrence;
            }
        }
    }

    private async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or HttpRequestException)
        {
            throw NotReachable(cause);
        }
    }

    /// <summary>A call that answers 200 at once and then reports progress and failure as lines of JSON.</summary>
    private async Task FollowAsync(
        string path, HttpContent? content, string purpose, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await OpenAsync(
            HttpMethod.Post, path, content, HttpCompletionOption.ResponseHeadersRead, versioned: true, cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, purpose, cancellationToken).ConfigureAwait(false);

        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using StreamReader reader = new(stream);
        while (await ReadLineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line.Length == 0 ? "{}" : line);
            if (document.RootElement.TryGetProperty("error", out JsonElement error))
            {
                throw Refusal(purpose, (int)HttpStatusCode.OK, error.GetString() ?? line);
            }

            if (document.RootElement.TryGetProperty("status", out JsonElement status) && status.GetString() is { Length: > 0 } text)
            {
                progress?.Report(text);
            }
        }
    }

    private sealed record Distribution(DistributionDescriptor Descriptor);

    private sealed record DistributionDescriptor(string Digest);

    /// <summary>A request body that a delegate writes while it is sent, so that a root file system is never held in memory.</summary>
    private sealed class WrittenContent : HttpContent
    {
        private readonly Func<Stream, CancellationToken, Task> _write;
        private readonly CancellationToken _cancellationToken;

        public WrittenContent(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
        {
            _write = write;
            _cancellationToken = cancellationToken;
            Headers.ContentType = new("application/x-tar");
        }

        /// <summary>Why the delegate did not write the whole body.</summary>
        public ExceptionDispatchInfo? Failure { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            try
            {
                await _write(stream, _cancellationToken).ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is InfraException or InvalidDataException)
            {
                Failure = ExceptionDispatchInfo.Capture(cause);
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
