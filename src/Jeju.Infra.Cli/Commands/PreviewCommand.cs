using System.CommandLine;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Policies;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Engine;
using Jeju.Infra.Policy;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju preview</c>: shows what <c>up</c> would change.</summary>
internal static class PreviewCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> json = CommonOptions.Json();
        Option<bool> markdown = new("--markdown") { Description = "Print the result as Markdown, for a pull request." };
        Option<bool> refresh = new("--refresh") { Description = "Compare the state with what is there first." };
        Option<bool> expectNoChanges = new("--expect-no-changes") { Description = "Fail where anything would change." };
        Command command = new("preview", "Shows what `up` would change, and changes nothing.") { stack, json, markdown, refresh, expectNoChanges };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RunSettings settings = new() { Refresh = parsed.GetValue(refresh), ExpectNoChanges = parsed.GetValue(expectNoChanges) };
            string name = parsed.GetRequiredValue(stack);
            StackEngine engine = StackSession.Open(context, name);
            RunResult result = await new RunDisplay(context).ShowAsync(events => engine.PreviewAsync(settings, events, cancellationToken));
            PolicyVerdict? verdict = result.Succeeded ? PlanJudge.Judge(context, name, result) : null;
            return await RunReport.WriteAsync(
                context, result, name, parsed.GetValue(json) ? ReportForm.Json : parsed.GetValue(markdown) ? ReportForm.Markdown : ReportForm.Text, verdict);
        });
        return command;
    }
}
