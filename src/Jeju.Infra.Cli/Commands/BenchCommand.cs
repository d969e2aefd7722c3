using System.CommandLine;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Cli.Processes;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju bench</c>: runs the figures, a program of their own, and hands its report on.</summary>
internal static class BenchCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string[]> figures = new("figure") { Description = "The figures to measure, by letter; all where absent.", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("bench", "Measures, each figure as a ratio against a floor or a peer in the same run.") { figures };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string program = context.Layout.Executable("Jeju.Infra.Bench", "Jeju.Infra.Bench");
            if (!File.Exists(program))
            {
                throw CliErrors.NotBuilt(program);
            }

            await new DockerPrerequisite(context).EnsureAsync(cancellationToken);
            int exitCode = await ChildProcess.RunAsync(
                new ChildProcessStart(program, parsed.GetValue(figures) ?? []), context.Output.WriteLine, context.Say, cancellationToken);
            return exitCode == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
