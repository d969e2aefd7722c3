using System.Text.Json;
using Jeju.Infra.Cli.Stacks;
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
    // The addresses of all contracts would push everything else off the screen; ./jeju outputs has them.
    private const int MostParts = 12;

    /// <summary>Writes the result of a run and returns the exit code.</summary>
    public static async Task<int> WriteAsync(CommandContext context, RunResult result, string stack, ReportForm form)
    {
        ChangeReport report = ChangeReport.FromRun(result, stack);
        if (form != ReportForm.Text || result is not { Operation: RunOperation.Up, IsPreview: false })
        {
            return await WriteAsync(context, report, form, verdict: null, tellsChanges: result.IsPreview || result.Operation == RunOperation.Refresh);
        }

        // Every step was shown while it happened: what is left to tell is what the stack gives, or why it failed.
        PropertyMap outputs = report.Failures.Count == 0 ? result.Outputs : PropertyMap.Empty;
        foreach (string line in outputs.SelectMany(output => PropertyText.ToLines(output.Key, output.Value, showSecrets: false, MostParts)))
        {
            await context.Output.WriteLineAsync(line);
        }

        int exitCode = End(context, report, verdict: null, tellsSummary: true);
        if (PropertyText.HasSecret(outputs))
        {
            context.Say($"jeju: ./jeju outputs {(StackSession.IsLocalnet(stack) ? string.Empty : $"--stack {stack} ")}--show-secrets prints what is {PropertyText.Secret}");
        }

        return exitCode;
    }

    /// <summary>Writes a report with what the rules of the house say about it, and returns the exit code.</summary>
    public static async Task<int> WriteAsync(CommandContext context, ChangeReport report, ReportForm form, PolicyVerdict? verdict, bool tellsChanges = true)
    {
        switch (form)
        {
            case ReportForm.Json:
                await context.Output.WriteLineAsync(JsonReport.Render(report, writer => WriteVerdict(writer, verdict)));
                break;
            case ReportForm.Markdown:
                await context.Output.WriteLineAsync(MarkdownReport.Render(report) + (verdict is null ? string.Empty : PolicyReport.ToMarkdown(verdict)));
                break;
            case ReportForm.Text when tellsChanges:
                // The failures are reported below, as those of every command are.
                StyledLines.Write(context.Page, TextReport.Render(report, tellsFailures: false));
                if (verdict is not null)
                {
                    PolicyReport.WriteText(context.Page, verdict);
                }

                break;
        }

        return End(context, report, verdict, tellsSummary: form != ReportForm.Text || !tellsChanges);
    }

    private static int End(CommandContext context, ChangeReport report, PolicyVerdict? verdict, bool tellsSummary)
    {
        foreach (InfraException failure in report.Failures)
        {
            JejuCommandLine.Report(context, failure);
        }

        if (tellsSummary)
        {
            context.Say($"jeju: {(report.Failures.Count == 0 ? string.Empty : "failed: ")}{TextReport.Summary(report)}");
        }

        if (report.Failures.Count == 0 && verdict?.ToError(report.Stack) is InfraException refusal)
        {
            JejuCommandLine.Report(context, refusal);
            return (int)refusal.Kind;
        }

        return report.Failures.Count == 0 ? ExitCode.Done : (int)report.Failures[0].Kind;
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
