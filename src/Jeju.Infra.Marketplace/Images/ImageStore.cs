using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>An image that the daemon has.</summary>
/// <param name="Reference">The name under which it was found.</param>
/// <param name="Id">Its content id: what a lease is started from, and restarted from for as long as it lives.</param>
public sealed record AvailableImage(string Reference, string Id);

/// <summary>
/// Makes sure that the daemon has a service's image: already there, else pulled from its registry, else built from the recipe in the
/// repository. Callers ask before they send a transaction, so that nobody pays for what cannot run.
/// </summary>
public sealed class ImageStore
{
    private static readonly TimeSpan RegistryAnswerDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PullDeadline = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(100);

    private readonly DockerEngine _docker;
    private readonly RepositoryLayout _layout;
    private readonly TimeProvider _time;

    /// <summary>Makes the store.</summary>
    /// <param name="docker">The daemon.</param>
    /// <param name="layout">Where the recipes lie, and where packages are kept.</param>
    /// <param name="time">The clock of the deadlines.</param>
    public ImageStore(DockerEngine docker, RepositoryLayout layout, TimeProvider time)
    {
        _docker = docker;
        _layout = layout;
        _time = time;
    }

    /// <summary>The image if the daemon has it, under either of its names; null otherwise. Asks nobody else.</summary>
    public async Task<AvailableImage?> FindAsync(ServiceImage image, CancellationToken cancellationToken)
    {
        string? recipeReference = FindRecipe(image)?.Reference;
        foreach (string reference in new[] { ReferenceOf(image), recipeReference }.OfType<string>())
        {
            if (await _docker.FindImageAsync(reference, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return new AvailableImage(reference, found.Id);
            }
        }

        return null;
    }

    /// <summary>Makes sure that the daemon has the image.</summary>
    /// <exception cref="InfraException">JEJU0610: it can neither be pulled nor built; the message says why for both.</exception>
    public async Task<AvailableImage> EnsureAsync(ServiceImage image, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (await FindAsync(image, cancellationToken).ConfigureAwait(false) is { } present)
        {
            return present;
        }

        // One builder at a time on this machine: the plugin and the agent may both want the image.
        FileStream turn = await TakeTurnAsync(image, progress, cancellationToken).ConfigureAwait(false);
        await using (turn.ConfigureAwait(false))
        {
            if (await FindAsync(image, cancellationToken).ConfigureAwait(false) is { } builtMeanwhile)
            {
                return builtMeanwhile;
            }

            string? pullFailure = await TryPullAsync(image, progress, cancellationToken).ConfigureAwait(false);
            if (pullFailure is not null)
            {
                await BuildAsync(image, pullFailure, progress, cancellationToken).ConfigureAwait(false);
            }

            return await FindAsync(image, cancellationToken).ConfigureAwait(false)
                ?? throw Unavailable(image, pullFailure, "the daemon lost the image again", null);
        }
    }

    /// <summary>Builds the image from its recipe even where it could be pulled; one that was built stays.</summary>
    /// <exception cref="InfraException">JEJU0610: there is no recipe; JEJU0611: the build failed.</exception>
    public async Task<AvailableImage> BuildAsync(ServiceImage image, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ImageRecipe recipe = FindRecipe(image) ?? throw Unavailable(image, null, "there is no recipe for it", null);
        FileStream turn = await TakeTurnAsync(image, progress, cancellationToken).ConfigureAwait(false);
        await using (turn.ConfigureAwait(false))
        {
            DockerImage? built = await _docker.FindImageAsync(recipe.Reference, cancellationToken).ConfigureAwait(false);
            if (built is null)
            {
                await new ImageBuilder(_docker, CacheFolder).BuildAsync(recipe, progress, cancellationToken).ConfigureAwait(false);
                built = await _docker.FindImageAsync(recipe.Reference, cancellationToken).ConfigureAwait(false);
            }

            return new AvailableImage(
                recipe.Reference, built?.Id ?? throw Unavailable(image, null, "the daemon lost the image again", null));
        }
    }

    private string CacheFolder => Path.Combine(_layout.StateFolder, "images");

    private string ReferenceOf(ServiceImage image) => ImageLock.Read(_layout).ReferenceOf(image);

    private ImageRecipe? FindRecipe(ServiceImage image) =>
        image.Recipe is { } name ? ImageRecipe.Find(_layout, name) : null;

    /// <summary>Why the image cannot be pulled; null when it was.</summary>
    private async Task<string?> TryPullAsync(ServiceImage image, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        try
        {
            // The question first, with a short deadline: without it a firewall that drops packets would cost minutes.
            await WithDeadlineAsync(
                token => _docker.ReadRegistryDigestAsync(ReferenceOf(image), token), RegistryAnswerDeadline, cancellationToken).ConfigureAwait(false);
            progress?.Report($"pulling {image.Registry}");
            await WithDeadlineAsync(
                async token =>
                {
                    await _docker.PullImageAsync(ReferenceOf(image), progress, token).ConfigureAwait(false);
                    return true;
                },
                PullDeadline,
                cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (InfraException refusal) when (refusal.InnerException is DockerRefusalException cause)
        {
            return cause.Message;
        }
        catch (TimeoutException cause)
        {
            return cause.Message;
        }
    }

    private async Task<T> WithDeadlineAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(deadline, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await call(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {deadline.TotalSeconds:0} s", cause);
        }
    }

    private async Task BuildAsync(ServiceImage image, string pullFailure, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ImageRecipe recipe = FindRecipe(image) ?? throw Unavailable(image, pullFailure, "there is no recipe for it", null);
        progress?.Report($"no registry gives {image.Registry}; building it from images/{recipe.Name}");
        try
        {
            await new ImageBuilder(_docker, CacheFolder).BuildAsync(recipe, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException cause) when (cause.Code == MarketplaceErrors.RecipeFailed)
        {
            throw Unavailable(image, pullFailure, cause.Message, cause);
        }
    }

    private async Task<FileStream> TakeTurnAsync(ServiceImage image, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(CacheFolder);
        string path = Path.Combine(CacheFolder, $"{image.Recipe ?? "registry"}.lock");
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Held by another process; the operating system releases it when that one ends, however it ends.
                if (isFirst)
                {
                    progress?.Report($"another process makes {image.Registry}; waiting for it");
                }

                await Task.Delay(LockPollInterval, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static InfraException Unavailable(ServiceImage image, string? pullFailure, string buildFailure, Exception? cause) => new(
        MarketplaceErrors.ImageUnavailable,
        $"The image {image.Registry} cannot be had. Pull: {pullFailure ?? "not tried"}. Build: {buildFailure}.",
        "Give the Docker daemon access to a registry, or load the image with `docker load`, then run the command again. Nothing was ordered.",
        innerException: cause);
}
