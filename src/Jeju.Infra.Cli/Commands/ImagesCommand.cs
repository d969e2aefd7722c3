using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju images ...</c>.</summary>
internal static class ImagesCommand
{
    public static Command Create(CommandContext context) => new("images", "The images that the services run from.")
    {
        ImagesBuildCommand.Create(context),
        ImagesPinCommand.Create(context),
    };
}
