using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Kubernetes;

/// <summary>A folder that holds rendered manifests and nothing else, with an index of what was written.</summary>
/// <param name="path">The folder.</param>
internal sealed class ManifestFolder(string path)
{
    /// <summary>
    /// Lists the files, and what stands in them for values that a plan does not hold. It is JSON, but not by its name: `kubectl -R -f` takes every
    /// .json file for an object.
    /// </summary>
    public const string IndexName = "manifests.index";

    /// <summary>Writes a set in the place of what was rendered there before.</summary>
    /// <exception cref="InfraException">JEJU0830: something else is in the folder.</exception>
    public async Task<ManifestIndex> WriteAsync(string stack, ManifestSet set, CancellationToken cancellationToken)
    {
        Dictionary<string, Manifest> files = Files(set);
        HashSet<string> former = await FormerAsync(cancellationToken);
        string[] foreign = [.. Existing().Where(file => !former.Contains(file)).Order(StringComparer.Ordinal)];
        if (foreign.Length > 0)
        {
            throw new InfraException(
                new ErrorCode(830),
                $"'{path}' holds files that were not rendered: {string.Join(", ", foreign.Take(5))}{(foreign.Length > 5 ? ", ..." : "")}.",
                "Name an empty folder, or one that ./jeju k8s render wrote.",
                FailureKind.Usage);
        }

        Directory.CreateDirectory(path);

        // The index goes first and names old and new alike: a run that is cut off leaves a folder that the next one still knows.
        ManifestIndex index = new(
            stack,
            [.. files.Keys.Order(StringComparer.Ordinal).Select(file => new RenderedFile(file, files[file].Urn))],
            set.Charts,
            set.Unknowns,
            set.Secrets);
        string[] obsolete = [.. former.Where(file => file != IndexName && !files.ContainsKey(file))];
        await WriteIndexAsync(index with { Files = [.. index.Files, .. obsolete.Select(file => new RenderedFile(file, ""))] }, cancellationToken);
        foreach (string file in obsolete)
        {
            File.Delete(Path.Combine(path, file));
        }

        foreach ((string file, Manifest manifest) in files)
        {
            string whole = Path.Combine(path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
            await File.WriteAllTextAsync(whole, ManifestYaml.Write(manifest.Content), cancellationToken);
        }

        foreach (string folder in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).OrderByDescending(folder => folder.Length).Where(folder => !Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            Directory.Delete(folder);
        }

        await WriteIndexAsync(index, cancellationToken);
        return index;
    }

    /// <summary>The file of every manifest; two of one kind and name, in different namespaces, get their namespaces into the name.</summary>
    private static Dictionary<string, Manifest> Files(ManifestSet set)
    {
        bool hasClouds = set.Manifests.Select(manifest => manifest.Cloud).Distinct().Count() > 1;
        Dictionary<string, Manifest> files = new(StringComparer.Ordinal);
        foreach (IGrouping<string, Manifest> same in set.Manifests.GroupBy(manifest =>
            string.Join('/', new[] { hasClouds ? manifest.Cloud : "", manifest.Service, manifest.FileName }.Where(part => part.Length > 0))))
        {
            foreach (Manifest manifest in same)
            {
                string file = same.Count() == 1 ? same.Key : $"{same.Key[..^".yaml".Length]}-{manifest.Namespace}.yaml";
                if (!files.TryAdd(file, manifest))
                {
                    throw new InfraException(
                        new ErrorCode(831),
                        $"Two resources are the same object {manifest.Kind} {manifest.Namespace}/{manifest.Name}: {files[file].Urn} and {manifest.Urn}.",
                        "Give one of them another name: a cluster would let the second overwrite the first.");
                }
            }
        }

        return files;
    }

    private IEnumerable<string> Existing() => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(path, file)).Where(file => file != IndexName + ".new")
        : [];

    private async Task<HashSet<string>> FormerAsync(CancellationToken cancellationToken)
    {
        string file = Path.Combine(path, IndexName);
        if (!File.Exists(file))
        {
            return [];
        }

        try
        {
            ManifestIndex? index = JsonSerializer.Deserialize<ManifestIndex>(await File.ReadAllTextAsync(file, cancellationToken), JsonText.Indented);
            return index?.Files is null ? [] : [.. index.Files.Select(rendered => rendered.File), IndexName];
        }
        catch (JsonException)
        {
            // Another program's file of this name: a foreign file like any other.
            return [];
        }
    }

    private async Task WriteIndexAsync(ManifestIndex index, CancellationToken cancellationToken)
    {
        string file = Path.Combine(path, IndexName);
        await File.WriteAllTextAsync(file + ".new", JsonSerializer.Serialize(index, JsonText.Indented) + "\n", cancellationToken);
        File.Move(file + ".new", file, overwrite: true);
    }
}

/// <summary>What a folder of manifests holds.</summary>
internal sealed record ManifestIndex(
    string Stack,
    IReadOnlyList<RenderedFile> Files,
    IReadOnlyList<PlannedChart> Charts,
    IReadOnlyList<ReplacedValue> Unknowns,
    IReadOnlyList<ReplacedValue> Secrets);

/// <summary>One file, and the resource that it is.</summary>
internal sealed record RenderedFile(string File, string Urn);
