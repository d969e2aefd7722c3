using System.CommandLine;
using Jeju.Infra.Cli.Chains;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Engine;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju destroy</c>: ends what the stack has.</summary>
internal static class DestroyCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> yes = CommonOptions.Yes();
        Option<bool> json = CommonOptions.Json();
        Command command = new("destroy", "Ends the leases and removes everything that the stack has.") { stack, yes, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(stack);
            await Question.AskAsync(context, name, $"Destroy the stack '{name}' with all its data?", parsed.GetValue(yes), cancellationToken);
            StackEngine engine = StackSession.Open(context, name);
            if (StackSession.IsLocalnet(name))
            {
                await ExternalChainOrders.EndAllAsync(context, name, cancellationToken);
            }

            RunResult result = await new RunDisplay(context).ShowAsync(
                events => engine.DestroyAsync(RunSettings.Default, events, cancellationToken));
            return await RunReport.WriteAsync(context, result, name, parsed.GetValue(json) ? ReportForm.Json : ReportForm.Text);
        });
        return command;
    }
}
