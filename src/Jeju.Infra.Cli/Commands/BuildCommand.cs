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
        Option<bool> bindings = new("--bindings") { Description = "Write the C# bindings anew from the compiled contracts." };
        Command command = new("build", "Builds what is stale: contracts, command line, plugin and program.") { bindings };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(bindings), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool writeBindings, CancellationToken cancellationToken)
    {
        string[] products = [context.Layout.CommandLineTool, context.Layout.ProviderPlugin, context.Layout.Program];
        foreach (string product in products)
        {
            if (!File.Exists(product))
            {
                throw CliErrors.NotBuilt(product);
            }
        }

        if (writeBindings)
        {
            // They are sources: the next run builds what changed here.
            IReadOnlyList<string> changed = await BindingGenerator.WriteAsync(context.Layout, cancellationToken);
            context.Say(changed.Count == 0 ? "jeju: the bindings are current" : $"jeju: bindings to commit: {string.Join(", ", changed)}");
        }

        context.Say("jeju: everything is built");
        return ExitCode.Done;
    }
}
