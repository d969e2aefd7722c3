using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

using Jeju.Infra.Core;

namespace Jeju.Infra.Marketplace.Images;

/// <summary>
/// Resolves and downloads Debian packages with the host's own apt, so its mirrors, proxies and signature checks apply. Needs no root: the
/// state it changes lies in the cache folder.
/// </summary>
internal sealed partial class DebianPackages
{
    private readonly string _cacheFolder;

    public DebianPackages(string cacheFolder) => _cacheFolder = cacheFolder;

    /// <summary>The packages of a recipe as files, ordered by name. Files that are there and whole are not fetched again.</summary>
    public async Task<IReadOnlyList<string>> FetchAsync(
        IReadOnlyList<string> packages, IReadOnlyList<string> without, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(_cacheFolder, "partial"));
        Directory.CreateDirectory(Path.Combine(_cacheFolder, "archives", "partial"));
        // An empty status file says "nothing is installed", so that apt names every dependency.
        await File.WriteAllTextAsync(Path.Combine(_cacheFolder, "status"), string.Empty, cancellationToken).ConfigureAwait(false);
        bool ownLists = Directory.Exists(ListsFolder);
        try
        {
            return await FetchAsync(packages, without, ownLists, cancellationToken).ConfigureAwait(false);
        }
        catch (InfraException)
        {
            // The host's package lists may be missing (a container) or older than the mirror: take fresh ones, once.
            Directory.CreateDirectory(Path.Combine(ListsFolder, "partial"));
            await AptAsync(["update", "-qq"], ownLists: true, cancellationToken).ConfigureAwait(false);
            return await FetchAsync(packages, without, ownLists: true, cancellationToken).ConfigureAwait(false);
        }
    }

    private string ListsFolder => Path.Combine(_cacheFolder, "lists");

    private async Task<IReadOnlyList<string>> FetchAsync(
        IReadOnlyList<string> packages, IReadOnlyList<string> without, bool ownLists, CancellationToken cancellationToken)
    {
        string listing = await AptAsync(
            ["install", "--no-install-recommends", "--print-uris", "-qq", "-y", .. packages], ownLists, cancellationToken).ConfigureAwait(false);
        List<DebianPackage> wanted = Parse(listing).Where(package => !NamePattern.MatchesAny(without, package.Name)).ToList();
        if (wanted.Count == 0)
        {
            throw new InfraException(
                MarketplaceErrors.RecipeFailed,
                $"apt-get named no file for {string.Join(", ", packages)}.",
                "Check the names of the packages, and that the host's apt sources have them.");
        }

        List<DebianPackage> missing = [];
        foreach (DebianPackage package in wanted)
        {
            if (!await IsWholeAsync(package, cancellationToken).ConfigureAwait(false))
            {
                missing.Add(package);
            }
        }

        if (missing.Count > 0)
        {
            await AptAsync(["download", "-qq", .. missing.Select(package => $"{package.Name}={package.Version}")], ownLists, cancellationToken)
                .ConfigureAwait(false);
        }

        foreach (DebianPackage package in missing)
        {
            if (!await IsWholeAsync(package, cancellationToken).ConfigureAwait(false))
            {
                throw new InfraException(
                    MarketplaceErrors.RecipeFailed,
                    $"The file {package.FileName} is not what the package list promised.",
                    "Check the free space and the mirror; `./jeju images build` tries again.");
            }
        }

        return wanted.OrderBy(package => package.Name, StringComparer.Ordinal).Select(PathOf).ToList();
    }

    private Task<string> AptAsync(IReadOnlyList<string> arguments, bool ownLists, CancellationToken cancellationToken)
    {
        List<string> options =
        [
            "-o", "Dir::State::status=" + Path.Combine(_cacheFolder, "status"),
            // What the host has fetched for itself would be missing in the list of what is to be fetched.
            "-o", "Dir::Cache::archives=" + Path.Combine(_cacheFolder, "archives"),
            "-o", "Debug::NoLocking=1",
            // apt's own sandbox user could not write to the cache folder.
            "-o", "APT::Sandbox::User=root",
            "-o", "Acquire::Retries=2",
            "-o", "Acquire::http::Timeout=20",
            "-o", "Acquire::https::Timeout=20",
        ];
        if (ownLists)
        {
            options.AddRange(["-o", "Dir::State::lists=" + ListsFolder, "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="]);
        }

        return ExternalTool.ReadAsync("apt-get", [arguments[0], .. options, .. arguments.Skip(1)], _cacheFolder, cancellationToken);
    }

    private string PathOf(DebianPackage package) => Path.Combine(_cacheFolder, package.FileName);

    private async Task<bool> IsWholeAsync(DebianPackage package, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(package));
        if (!file.Exists || file.Length != package.Size)
        {
            return false;
        }

        if (package.Sha256 is null)
        {
            return true;
        }

        using FileStream stream = file.OpenRead();
        byte[] hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
        return string.Equals(Convert.ToHexStringLower(hash), package.Sha256, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads lines like <c>'http://mirror/pool/n/name_1%3a2_amd64.deb' name_1%3a2_amd64.deb 12345 SHA256:ab...</c></summary>
    internal static IReadOnlyList<DebianPackage> Parse(string listing)
    {
        List<DebianPackage> packages = [];
        foreach (Match line in Line().Matches(listing))
        {
            string fileName = line.Groups["file"].Value;
            string[] parts = Path.GetFileNameWithoutExtension(fileName).Split('_');
            if (parts.Length != 3)
            {
                continue;
            }

            packages.Add(new DebianPackage(
                parts[0],
                Uri.UnescapeDataString(parts[1]),
                fileName,
                long.Parse(line.Groups["size"].Value, CultureInfo.InvariantCulture),
                line.Groups["sha256"] is { Success: true, Value: string hash } ? hash : null));
        }

        return packages;
    }

    [GeneratedRegex(@"^'[^']+' (?<file>\S+\.deb) (?<size>\d+)(?: SHA256:(?<sha256>[0-9a-fA-F]{64}))?", RegexOptions.Multiline)]
    private static partial Regex Line();
}

/// <summary>A package as the mirror has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version, with the epoch.</param>
/// <param name="FileName">The name apt gives the file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">The hash from the signed list, where the list has one.</param>
internal sealed record DebianPackage(string Name, string Version, string FileName, long Size, string? Sha256);
