using System.CommandLine;
using Jeju.Infra.Chain.Codegen;

namespace Jeju.Infra.Cli.Commands;

/// <summary>
/// <c>jeju build</c>: the script has built what was stale before this runs; what is left is to say that everything is there.
/// </summary>
internal static class BuildCommand
{
    public static Command Create(CommandContext context)
    {
        Command command = new("build", "Builds what is stale: contracts, command line, plugin and program.");
        command.SetAction((_, cancellationToken) => RunAsync(context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string[] products = [context.Layout.CommandLineTool, context.Layout.ProviderPlugin, context.Layout.Program];
        foreach (string product in products)
        {
            if (!File.Exists(product))
            {
                throw CliErrors.NotBuilt(product);
            }
        }

        // The bindings are sources that follow from the contracts: what changed is written here, and is built by the next run.
        IReadOnlyList<string> changed = await BindingGenerator.WriteAsync(context.Layout, cancellationToken);
        context.Say(changed.Count == 0
            ? "jeju: everything is built"
            : $"jeju: the contracts changed, and so did their bindings; commit them: {string.Join(", ", changed)}");
        return ExitCode.Done;
    }
}
