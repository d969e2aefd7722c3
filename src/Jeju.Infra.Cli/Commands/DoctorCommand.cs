using System.CommandLine;
using System.Text.Json;
using Jeju.Infra.Cli.Prerequisites;

namespace Jeju.Infra.Cli.Commands;

/// <summary><c>jeju doctor</c>: says what this machine has and lacks, and changes nothing.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        Option<bool> json = CommonOptions.Json();
        Command command = new("doctor", "Says what this machine has and lacks, and what to do about it.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool asJson, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        foreach (Func<CommandContext, CancellationToken, Task<Finding>> examine in Examinations.All)
        {
            findings.Add(await examine(context, cancellationToken));
        }

        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(findings, JsonText.Indented).AsMemory(), cancellationToken);
        }
        else
        {
            int width = findings.Max(finding => finding.Subject.Length);
            foreach (Finding finding in findings)
            {
                await context.Output.WriteLineAsync($"{(finding.Good ? "ok      " : finding.Required ? "missing " : "optional")}  {finding.Subject.PadRight(width)}  {finding.Detail}");
                if (!finding.Good)
                {
                    await context.Output.WriteLineAsync($"          {new string(' ', width)}  {finding.Remedy}");
                }
            }
        }

        return findings.All(finding => finding.Good || !finding.Required) ? ExitCode.Done : ExitCode.Failed;
    }
}
