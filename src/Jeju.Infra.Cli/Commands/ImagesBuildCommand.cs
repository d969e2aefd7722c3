using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Core;
using Jeju.Infra.Core.Catalog;
using Jeju.Infra.Core.Docker;
using Jeju.Infra.Marketplace.Images;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju images build [name...]</c>: builds the images that have a recipe in the repository: those of the services, so that <c>up</c> has them at hand, and by its name the agent's, for a cluster's registry.
/// </summary>
internal static class ImagesBuildCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string[]> names = new("name")
        {
            Description = $"The kinds of service, all that have a recipe where absent; or {OwnImages.Agent}, the agent that runs in a cluster.", Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> tag = new("--tag") { Description = "Gives the one image this name too, with a tag, for `docker push`: registry.example/dws-agent:0.1.0." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("build", "Builds images from their recipes of Debian packages.") { names, tag, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetValue(names) ?? [], parsed.GetValue(tag), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string[] names, string? tag, bool asJson, CancellationToken cancellationToken)
    {
        List<(string Name, ServiceImage Image)> wanted = [.. Select(names)];
        (string Repository, string Tag)? reference = tag is null ? null : Split(tag);
        if (reference is not null && wanted.Count != 1)
        {
            throw CliErrors.Usage("--tag names one image, and several are built.", $"Name the one: `jeju images build {OwnImages.Agent} --tag {tag}`.");
        }

        DockerPrerequisite prerequisite = new(context);
        await prerequisite.EnsureAsync(cancellationToken);
        using DockerEngine docker = new(context.Time, prerequisite.SocketPath);
        ImageStore store = new(docker, context.Layout, context.Time);
        Dictionary<string, AvailableImage> built = [];
        foreach ((string name, ServiceImage image) in wanted)
        {
            context.Say($"jeju: {name}");
            built[name] = await store.BuildAsync(image, new LineProgress(line => context.Say($"  {line}")), cancellationToken);
            if (reference is { } given)
            {
                await docker.TagImageAsync(built[name].Id, given.Repository, given.Tag, cancellationToken);
                built[name] = built[name] with { Reference = tag! };
                context.Say($"jeju: `docker push {tag}`, then `jeju images pin --image {tag}`");
            }
        }

        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(built, JsonText.Indented));
        }
        else
        {
            foreach ((string name, AvailableImage image) in built)
            {
                await context.Output.WriteLineAsync($"{name}  {image.Reference}  {image.Id}");
            }
        }

        return ExitCode.Done;
    }

    private static (string Repository, string Tag) Split(string reference)
    {
        // A colon before the last slash belongs to a registry's port.
        int colon = reference.LastIndexOf(':');
        return colon > reference.LastIndexOf('/') && colon is > 0 && colon < reference.Length - 1 && !reference.Contains('@', StringComparison.Ordinal)
            ? (reference[..colon], reference[(colon + 1)..])
            : throw CliErrors.Usage($"--tag '{reference}' names no tag.", "Write the image as it will be pulled, with its tag: registry.example/dws-agent:0.1.0.");
    }

    private static IEnumerable<(string Name, ServiceImage Image)> Select(string[] names)
    {
        IEnumerable<ServiceKind> services = ServiceCatalog.All.Where(kind => kind.Workload?.Image.Recipe is not null);
        if (names.Length == 0)
        {
            return services.Select(kind => (kind.Name, kind.Workload!.Image));
        }

        return names.Select(name => name == OwnImages.Agent ? (name, new ServiceImage(name, Recipe: name)) : ServiceCatalog.Find(name).Workload?.Image is { Recipe: not null } image
            ? (name, image)
            : throw CliErrors.Usage(
                $"The kind '{name}' has no recipe in images/.",
                $"Use one of: {string.Join(", ", services.Select(one => one.Name).Append(OwnImages.Agent))}."));
    }
}
