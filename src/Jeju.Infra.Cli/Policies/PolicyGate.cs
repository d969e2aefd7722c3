using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Plans;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Policy;

namespace Jeju.Infra.Cli.Policies;

/// <summary>Stands before <c>up</c>: a plan that a rule refuses is refused before the first change.</summary>
internal static class PolicyGate
{
    /// <summary>Previews the stack and judges its plan.</summary>
    /// <exception cref="InfraException">JEJU0900: a rule refuses the plan. JEJU0110: the engine can only plan it.</exception>
    public static async Task PassAsync(CommandContext context, string stack, StackEngine engine, CancellationToken cancellationToken)
    {
        RunResult preview = await PlanPreview.RunAsync(engine, RunSettings.Default, new SilentEvents(), cancellationToken);
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

        // Before the first resource that it could make: a deployment that cannot end is not begun.
        if (preview.Refusal is InfraException planned)
        {
            throw planned;
        }
    }
}
