using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace Jeju.Infra.AirGap.SdkGen;

/// <summary>The files of an npm package: the package alone, without what it depends on.</summary>
internal sealed class NpmPackage
{
    private readonly Dictionary<string, string> files;

    private NpmPackage(Dictionary<string, string> files) => this.files = files;

    /// <summary>Paths inside the package, with slashes.</summary>
    public IReadOnlyCollection<string> Paths => files.Keys;

    /// <summary>Reads the files that are asked for, from the cache, which is filled by npm where it has to be.</summary>
    /// <param name="name">Such as @pulumi/docker.</param>
    /// <param name="version">The exact version.</param>
    /// <param name="cacheFolder">Where packages are kept.</param>
    /// <param name="isWanted">Says by its path whether a file is read.</param>
    public static async Task<NpmPackage> OpenAsync(string name, string version, string cacheFolder, Predicate<string> isWanted, CancellationToken cancellationToken)
    {
        var archive = Path.Combine(cacheFolder, $"{name.TrimStart('@').Replace('/', '-')}-{version}.tgz");
        if (!File.Exists(archive))
        {
            await FetchAsync($"{name}@{version}", archive, cancellationToken);
        }
        var files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase); // IPAddress is in ipaddress.d.ts, and so on.
        await using var file = File.OpenRead(archive);
        await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(unpacked);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            // Everything in an npm package is below one folder.
            var path = entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (entry.DataStream is { } data && isWanted(path))
            {
                using var reader = new StreamReader(data);
                files[path] = await reader.ReadToEndAsync(cancellationToken);
            }
        }
        return new(files);
    }

    public bool Has(string path) => files.ContainsKey(path);

    public string Read(string path) => files.TryGetValue(path, out var text)
        ? text
        : throw new FileNotFoundException($"The package has no {path}.");

    private static async Task FetchAsync(string package, string archive, CancellationToken cancellationToken)
    {
        // A folder of its own, then a move: two builds at the same time do not see half a file.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(archive)!, $".fetch-{Environment.ProcessId}")).FullName;
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["pack", package, "--pack-destination", folder, "--silent"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            }) ?? throw new InvalidOperationException("npm did not start.");
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = npm.StandardError.ReadToEndAsync(cancellationToken);
            await npm.WaitForExitAsync(cancellationToken);
            await output;
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException($"npm pack {package} failed: {await errors}");
            }
            File.Move(Directory.EnumerateFiles(folder, "*.tgz").Single(), archive, overwrite: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
