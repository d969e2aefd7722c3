using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Policy;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Cli.Display;

/// <summary>In which form a report goes to standard output.</summary>
internal enum ReportForm
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>JSON for programs.</summary>
    Json,

    /// <summary>Markdown for a pull request.</summary>
    Markdown,
}

/// <summary>Writes what a run came to, once it has ended, and turns it into an exit code.</summary>
internal static class RunReport
{
    /// <summary>Writes the result and returns the exit code.</summary>
    public static Task<int> WriteAsync(CommandContext context, RunResult result, string stack, ReportForm form) =>
        WriteAsync(context, result, stack, form, verdict: null);

    /// <summary>Writes the result with what the rules of the house say about it, and returns the exit code.</summary>
    public static async Task<int> WriteAsync(CommandContext context, RunResult result, string stack, ReportForm form, PolicyVerdict? verdict)
    {
        ChangeReport report = ChangeReport.FromRun(result, stack);
        switch (form)
        {
            case ReportForm.Json:
                await context.Output.WriteLineAsync(JsonReport.Render(report, writer => WriteVerdict(writer, verdict)));
                break;
            case ReportForm.Markdown:
                await context.Output.WriteLineAsync(MarkdownReport.Render(report) + (verdict is null ? string.Empty : PolicyReport.ToMarkdown(verdict)));
                break;
            case ReportForm.Text when result is { Operation: RunOperation.Up, IsPreview: false }:
                // Every step was shown while it happened: what is left to tell is what the stack gives.
                foreach ((string name, PropertyValue value) in result.Outputs)
                {
                    await context.Output.WriteLineAsync($"{name}: {PropertyText.ToPlainText(value, showSecrets: false)}");
                }

                break;
            case ReportForm.Text when result.IsPreview || result.Operation == RunOperation.Refresh:
                // The failures are reported below, as those of every command are.
                StyledLines.Write(context.Page, TextReport.Render(report with { Failures = [] }));
                if (verdict is not null)
                {
                    PolicyReport.WriteText(context.Page, verdict);
                }

                break;
        }

        foreach (InfraException failure in result.Failures)
        {
            JejuCommandLine.Report(context, failure);
        }

        if (form != ReportForm.Text || !(result.IsPreview || result.Operation == RunOperation.Refresh))
        {
            context.Say($"jeju: {(result.Succeeded ? string.Empty : "failed: ")}{TextReport.Summary(report)}");
        }

        if (result.Succeeded && verdict?.ToError(stack) is InfraException refusal)
        {
            JejuCommandLine.Report(context, refusal);
            return (int)refusal.Kind;
        }

        return result.Succeeded ? ExitCode.Done : (int)result.Failures[0].Kind;
    }

    private static void WriteVerdict(Utf8JsonWriter writer, PolicyVerdict? verdict)
    {
        if (verdict is not null)
        {
            writer.WritePropertyName("policy");
            PolicyReport.WriteJson(writer, verdict);
        }
    }
}
