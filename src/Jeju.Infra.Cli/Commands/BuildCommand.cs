using System.CommandLine;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju build</c>: the script has built what was stale before this runs; what is left is to say that everything is there.
/// </summary>
internal static class BuildCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("build", "Builds what is stale: contracts, command line, plugin and program.");
        command.SetAction((_, _) => Task.FromResult(Run(context)));
        return command;
    }

    private static int Run(CommandContext context)
    {
        string[] products = [context.Layout.CommandLineTool, context.Layout.ProviderPlugin, context.Layout.Program];
        foreach (string product in products)
        {
            if (!File.Exists(product))
            {
                throw CliErrors.NotBuilt(product);
            }
        }

        context.Say("jeju: everything is built");
        return ExitCode.Done;
    }
}
