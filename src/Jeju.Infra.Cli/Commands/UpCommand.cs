using System.CommandLine;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Policies;
using Jeju.Infra.Cli.Prerequisites;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Engine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju up</c>: makes the world what the program and its settings say.</summary>
internal static class UpCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Option<bool> refresh = new("--refresh") { Description = "Compare the state with what is there first." };
        Option<bool> expectNoChanges = new("--expect-no-changes") { Description = "Fail where anything would change." };
        Option<string[]> replace = new("--replace") { Description = "A resource to replace whether it differs or not, by name or URN." };
        Command command = new("up", "Brings the stack to what its settings say.") { stack, yes, json, refresh, expectNoChanges, replace };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            await Question.AskAsync(context, name, $"Change the stack '{name}'?", parsed.GetValue(yes), cancellationToken);
            StackEngine engine = StackSession.Open(context, name);
            Task prerequisite = Task.CompletedTask;
            if (StackSession.IsLocalnet(name))
            {
                // It has no cloud resource that a rule could refuse, and no rule about chains, leases or keys holds on it.
                prerequisite = new DockerPrerequisite(context).EnsureAsync(cancellationToken);
            }
            else
            {
                await PolicyGate.PassAsync(context, name, engine, cancellationToken);
            }

            RunSettings settings = new()
            {
                Prerequisite = prerequisite,
                Refresh = parsed.GetValue(refresh),
                ExpectNoChanges = parsed.GetValue(expectNoChanges),
                Replace = parsed.GetValue(replace) ?? [],
            };
            RunResult result;
            try
            {
                result = await new RunDisplay(context).ShowAsync(events => engine.UpAsync(settings, events, cancellationToken));
            }
            finally
            {
                // A run that fails before it needs the engine must not leave an installation alone in the middle.
                await prerequisite.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return await RunReport.WriteAsync(context, result, name, parsed.GetValue(json) ? ReportForm.Json : ReportForm.Text);
        });
        return command;
    }
}
