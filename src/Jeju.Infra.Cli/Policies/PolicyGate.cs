using System.Security.Cryptography;
using System.Text;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Policy;

namespace Jeju.Infra.Cli.Policies;

/// <summary>Stands before <c>up</c>: a plan that breaks a rule is refused before the first change.</summary>
internal static class PolicyGate
{
    /// <summary>Previews the stack and judges its plan.</summary>
    /// <exception cref="InfraException">JEJU0900: a rule refuses the plan.</exception>
    public static async Task PassAsync(CommandContext context, string stack, StackEngine engine, CancellationToken cancellationToken)
    {
        // A localnet is judged anew only when program, settings or pins have changed: nothing that its rules look at depends on its state.
        string? remembered = StackSession.IsLocalnet(stack) ? Path.Combine(context.Layout.StackFolder(stack), "policy") : null;
        string print = remembered is null ? string.Empty : Fingerprint(context, stack);
        if (remembered is not null && File.Exists(remembered) && await File.ReadAllTextAsync(remembered, cancellationToken) == print)
        {
            return;
        }

        RunResult preview = await engine.PreviewAsync(RunSettings.Default, new Silence(), cancellationToken);
        if (!preview.Succeeded)
        {
            // What is wrong with the program or its settings is told by the run itself.
            return;
        }

        PolicyVerdict verdict = PlanJudge.Judge(context, stack, preview, deploys: true);
        PolicyReport.WriteText(context.Talk, verdict);
        if (verdict.ToError(stack) is InfraException refusal)
        {
            throw refusal;
        }

        if (remembered is not null)
        {
            Directory.CreateDirectory(context.Layout.StackFolder(stack));
            await File.WriteAllTextAsync(remembered, print, cancellationToken);
        }
    }

    private static string Fingerprint(CommandContext context, string stack)
    {
        string program = Path.GetDirectoryName(context.Layout.Program)!;
        IEnumerable<string> files = Directory.EnumerateFiles(program, "Jeju.Infra.*.dll")
            .Append(context.Layout.CommandLineTool + ".dll")
            .Append(Path.Combine(Path.GetDirectoryName(context.Layout.CommandLineTool)!, "Jeju.Infra.Policy.dll"))
            .Append(context.Layout.StackSettingsFile(stack))
            .Append(Path.Combine(context.Layout.ImagesFolder, "images.lock.json"))
            .Order(StringComparer.Ordinal);
        StringBuilder text = new();
        foreach (FileInfo file in files.Select(file => new FileInfo(file)).Where(file => file.Exists))
        {
            text.Append(file.FullName).Append(' ').Append(file.Length).Append(' ').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The run itself tells what happens; the preview before it is no event.</summary>
    private sealed class Silence : IEngineEvents
    {
        public void OnEvent(EngineEvent engineEvent)
        {
        }
    }
}
