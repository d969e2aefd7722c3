using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Images;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju images build [kind...]</c>: builds the images that have a recipe in the repository, so that <c>up</c> has them at hand.
/// </summary>
internal static class ImagesBuildCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string[]> kinds = new("kind") { Description = "The kinds of service; all that have a recipe where absent.", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> json = CommonOptions.Json();
        Command command = new("build", "Builds service images from their recipes of Debian packages.") { kinds, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetValue(kinds) ?? [], parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string[] kinds, bool asJson, CancellationToken cancellationToken)
    {
        List<(string Kind, ServiceImage Image)> wanted = [.. Select(kinds)];
        DockerPrerequisite prerequisite = new(context);
        await prerequisite.EnsureAsync(cancellationToken);
        using DockerEngine docker = new(context.Time, prerequisite.SocketPath);
        ImageStore store = new(docker, context.Layout, context.Time);
        Dictionary<string, AvailableImage> built = [];
        foreach ((string kind, ServiceImage image) in wanted)
        {
            context.Say($"jeju: {kind}");
            built[kind] = await store.BuildAsync(image, new LineProgress(line => context.Say($"  {line}")), cancellationToken);
        }

        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(built, JsonText.Indented));
        }
        else
        {
            foreach ((string kind, AvailableImage image) in built)
            {
                await context.Output.WriteLineAsync($"{kind}  {image.Reference}  {image.Id}");
            }
        }

        return ExitCode.Done;
    }

    private static IEnumerable<(string Kind, ServiceImage Image)> Select(string[] names)
    {
        IEnumerable<ServiceKind> kinds = names.Length == 0
            ? ServiceCatalog.All.Where(kind => kind.Workload?.Image.Recipe is not null)
            : names.Select(ServiceCatalog.Find);
        foreach (ServiceKind kind in kinds)
        {
            yield return kind.Workload?.Image is { Recipe: not null } image
                ? (kind.Name, image)
                : throw CliErrors.Usage(
                    $"The kind '{kind.Name}' has no recipe in images/.",
                    $"Use one of: {string.Join(", ", ServiceCatalog.All.Where(one => one.Workload?.Image.Recipe is not null).Select(one => one.Name))}.");
        }
    }
}
