using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Plans;
using Jeju.Infra.Cli.Policies;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Policy;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju policy check</c>: judges the plan of a stack, without credentials and without network.</summary>
internal static class PolicyCheckCommand
{
    public static Command Create(CommandContext context)
    {
        Option<string> stack = CommonOptions.Stack(context);
        Option<bool> json = CommonOptions.Json();
        Command command = new("check", "Judges the plan of a stack; exit code 3 where a rule refuses it.") { stack, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetRequiredValue(stack), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string stack, bool asJson, CancellationToken cancellationToken)
    {
        StackEngine engine = StackSession.Open(context, stack);
        RunResult preview = await PlanPreview.ShowAsync(context, engine, RunSettings.Default, cancellationToken);
        if (!preview.Succeeded)
        {
            foreach (InfraException failure in preview.Failures)
            {
                JejuCommandLine.Report(context, failure);
            }

            return (int)preview.Failures[0].Kind;
        }

        PolicyVerdict verdict = PlanJudge.Judge(context, stack, preview);
        if (asJson)
        {
            ArrayBufferWriter<byte> buffer = new();
            using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                PolicyReport.WriteJson(writer, verdict);
            }

            await context.Output.WriteLineAsync(Encoding.UTF8.GetString(buffer.WrittenSpan));
        }
        else
        {
            PolicyReport.WriteText(context.Page, verdict);
        }

        context.Say($"jeju: policy of {stack}: {PolicyReport.Summary(verdict)}; {PolicyReview.RuleTitles.Count} rules, {preview.Registered.Count} resources");
        return verdict.ToError(stack) is InfraException refusal ? throw refusal : ExitCode.Done;
    }
}
