using System.CommandLine;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Engine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju refresh</c>: makes the state what the world is.</summary>
internal static class RefreshCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Command command = new("refresh", "Compares the recorded state with the chain and the containers, and records what is there.") { stack, yes, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            await Question.AskAsync(context, name, $"Overwrite the recorded state of '{name}'?", parsed.GetValue(yes), cancellationToken);
            StackEngine engine = StackSession.Open(context, name);
            RunResult result = await new RunDisplay(context).ShowAsync(
                events => engine.RefreshAsync(RunSettings.Default, events, cancellationToken));
            return await RunReport.WriteAsync(context, result, name, parsed.GetValue(json) ? ReportForm.Json : ReportForm.Text);
        });
        return command;
    }
}
