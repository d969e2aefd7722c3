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
        Option<bool> json = CommonOptions.Json();
        Command command = new("pin", "Resolves the images' digests online and writes them to a lock file.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool asJson, CancellationToken cancellationToken)
    {
        using DockerEngine docker = new(context.Time, new DockerPrerequisite(context).SocketPath);
        SortedDictionary<string, string> digests = new(StringComparer.Ordinal);
        foreach (string reference in ServiceCatalog.All.Select(kind => kind.Workload?.Image.Registry).OfType<string>().Concat(PublicImages.All).Distinct())
        {
            digests[reference] = await docker.ReadRegistryDigestAsync(reference, cancellationToken);
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
}
