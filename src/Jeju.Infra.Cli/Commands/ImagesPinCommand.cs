using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju images pin</c>: asks the registries for the digest behind every tag of the catalog and of the clusters' public images and writes them to <c>images/images.lock.json</c>.
/// All or nothing: a digest that was not resolved is never written.
/// </summary>
internal static class ImagesPinCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string[]> image = new("--image") { Description = "Only this image, with its tag; the others in the lock file stay as they are. May be repeated.", DefaultValueFactory = _ => [] };
        Option<bool> json = CommonOptions.Json();
        Command command = new("pin", "Resolves the images' digests online and writes them to a lock file.") { image, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(image) ?? [], parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string[] images, bool asJson, CancellationToken cancellationToken)
    {
        if (images.FirstOrDefault(reference => !HasTag(reference)) is { } wrong)
        {
            throw CliErrors.Usage($"--image '{wrong}' names no tag.", "Write the image as it is pulled, with its tag and without a digest: registry.example/name:1.2.3.");
        }

        using DockerEngine docker = new(context.Time, new DockerPrerequisite(context).SocketPath);
        IEnumerable<string> all = ServiceCatalog.All.Select(kind => kind.Workload?.Image.Registry).OfType<string>().Concat(PublicImages.All);
        SortedDictionary<string, string> digests = new(StringComparer.Ordinal);
        foreach ((string reference, string digest) in images.Length > 0 ? ImageLock.Read(context.Layout).Digests : new Dictionary<string, string>())
        {
            digests[reference] = digest;
        }

        foreach (string reference in (images.Length > 0 ? images : all).Distinct())
        {
            try
            {
                digests[reference] = await docker.ReadRegistryDigestAsync(reference, cancellationToken);
            }
            catch (InfraException refusal) when (refusal.InnerException is DockerRefusalException)
            {
                throw CliErrors.DigestUnknown(reference, refusal);
            }
        }

        string text = JsonSerializer.Serialize(digests, JsonText.Indented);
        string file = Path.Combine(context.Layout.ImagesFolder, "images.lock.json");
        await File.WriteAllTextAsync(file + ".new", text + "\n", cancellationToken);
        File.Move(file + ".new", file, overwrite: true);
        context.Say($"jeju: {digests.Count} digests written to images/images.lock.json");
        if (asJson)
        {
            await context.Output.WriteLineAsync(text);
        }

        return ExitCode.Done;
    }

    /// <summary>Whether a colon stands in the last part of the name: one before it belongs to a registry's port.</summary>
    private static bool HasTag(string reference) =>
        !reference.Contains('@', StringComparison.Ordinal) && reference.LastIndexOf(':') is > 0 and var colon && colon > reference.LastIndexOf('/') && colon < reference.Length - 1;
}
