using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

using Jeju.Infra.Core;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>
/// Builds an image from its recipe: packages are fetched, merged into one root file system while it is sent to the daemon, tried with the
/// recipe's own command, and only then named. A build that was killed leaves nothing under the final name.
/// </summary>
internal sealed class ImageBuilder
{
    private const string UnverifiedPrefix = "unverified-";
    private const string VerifyLabel = "network.jeju.verify";

    // Several checkouts on one machine may build the same image at the same time.
    private static readonly string Builder = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private readonly DockerEngine _docker;
    private readonly string _cacheFolder;

    public ImageBuilder(DockerEngine docker, string cacheFolder)
    {
        _docker = docker;
        _cacheFolder = cacheFolder;
    }

    public async Task BuildAsync(ImageRecipe recipe, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await RemoveLeftoversAsync(recipe, cancellationToken).ConfigureAwait(false);
        progress?.Report($"fetching Debian packages for {recipe.Repository}");
        DebianPackages packages = new(Path.Combine(_cacheFolder, recipe.Name));
        IReadOnlyList<string> files = await packages
            .FetchAsync(recipe.Content.Packages, recipe.Content.WithoutPackages, cancellationToken).ConfigureAwait(false);

        progress?.Report($"importing {recipe.Repository} from {files.Count} packages");
        string tag = UnverifiedPrefix + Builder;
        string unverified = $"{recipe.Repository}:{tag}";
        await _docker.ImportImageAsync(
            recipe.Repository,
            tag,
            [
                $"USER {recipe.Content.User.Id}:{recipe.Content.User.Id}",
                "ENV PATH=/usr/local/bin:/usr/bin:/usr/sbin",
                $"ENTRYPOINT {JsonSerializer.Serialize(recipe.Content.Entrypoint)}",
                $"LABEL network.jeju.recipe={recipe.Hash}",
            ],
            (stream, token) => WriteAsync(recipe, files, stream, token),
            cancellationToken).ConfigureAwait(false);
        try
        {
            progress?.Report($"verifying {recipe.Repository}");
            await VerifyAsync(recipe, unverified, cancellationToken).ConfigureAwait(false);
            await _docker.TagImageAsync(unverified, recipe.Repository, recipe.Tag, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A cancelled build still takes its unfinished image away.
            await _docker.RemoveImageAsync(unverified, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(ImageRecipe recipe, IReadOnlyList<string> packages, Stream output, CancellationToken cancellationToken)
    {
        RootFileSystem root = new(output);
        await using (root.ConfigureAwait(false))
        {
            await root.WriteFoundationAsync(recipe.Content, recipe.Files, cancellationToken).ConfigureAwait(false);
            foreach (string package in packages)
            {
                await ExternalTool.RunAsync(
                    "dpkg-deb",
                    ["--fsys-tarfile", package],
                    Path.GetDirectoryName(package)!,
                    (contents, token) => root.AddPackageAsync(contents, recipe.Content.WithoutPaths, token),
                    cancellationToken).ConfigureAwait(false);
            }

            foreach (ProgramFile file in recipe.Program)
            {
                await root.AddFileAsync(file, recipe.Content.WithoutPaths, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes away what builds left behind that were killed.</summary>
    private async Task RemoveLeftoversAsync(ImageRecipe recipe, CancellationToken cancellationToken)
    {
        foreach (DockerContainerSummary container in await _docker.ListContainersAsync([VerifyLabel], cancellationToken).ConfigureAwait(false))
        {
            if (!IsRunning(container.Labels?.GetValueOrDefault(VerifyLabel)))
            {
                await _docker.RemoveContainerAsync(container.Id, cancellationToken).ConfigureAwait(false);
            }
        }

        string prefix = $"{recipe.Repository}:{UnverifiedPrefix}";
        IReadOnlyList<DockerImage> images = await _docker.ListImagesAsync(prefix + "*", cancellationToken).ConfigureAwait(false);
        foreach (string name in images.SelectMany(image => image.RepoTags ?? []).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (!IsRunning(name[prefix.Length..]))
            {
                await _docker.RemoveImageAsync(name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsRunning(string? processId)
    {
        try
        {
            using Process process = Process.GetProcessById(int.Parse(processId ?? string.Empty, CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Runs the recipe's command in the image, under the restrictions that a lease has; a missing library shows here, not at a customer.</summary>
    private async Task VerifyAsync(ImageRecipe recipe, string image, CancellationToken cancellationToken)
    {
        string name = $"jeju-verify-{recipe.Name}-{Builder}";
        await _docker.RemoveContainerAsync(name, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> labels = new() { [VerifyLabel] = Builder };
        DockerContainerConfig config = new() { Image = image, Entrypoint = recipe.Content.Verify, Cmd = [], Labels = labels };
        DockerHostConfig host = new()
        {
            NetworkMode = "none",
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            ReadonlyRootfs = true,
        };
        await _docker.CreateContainerAsync(new DockerContainerSpecification(name, config, host), cancellationToken).ConfigureAwait(false);
        try
        {
            await _docker.StartContainerAsync(name, cancellationToken).ConfigureAwait(false);
            int exitCode = await _docker.WaitContainerAsync(name, cancellationToken).ConfigureAwait(false);
            if (exitCode != 0)
            {
                string? log = await _docker.ReadLogTailAsync(name, 5, cancellationToken).ConfigureAwait(false);
                throw new InfraException(
                    MarketplaceErrors.RecipeFailed,
                    $"`{string.Join(' ', recipe.Content.Verify)}` ended with {exitCode} in the new image {recipe.Repository}: {log?.Trim()}",
                    $"Correct images/{recipe.Name}/recipe.json: probably a package or a path is left out that the service needs.");
            }
        }
        finally
        {
            await _docker.RemoveContainerAsync(name, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
