using System.Text.Json;
using Jeju.Infra.Cli.Display;
using Jeju.Infra.Cli.Stacks;
using Jeju.Infra.Core;
using Jeju.Infra.Engine;

namespace Jeju.Infra.Cli.Deployments;

/// <summary>What the commands that deploy by phase have in common: plan, question, phases, report.</summary>
internal static class StackDeployment
{
    /// <summary>Deploys some phases of a stack, or says what it would do.</summary>
    public static async Task<int> RunAsync(
        CommandContext context, string stack, IReadOnlySet<DeploymentPhase> wanted, bool dryRun, bool yes, bool asJson, CancellationToken cancellationToken)
    {
        if (!dryRun)
        {
            // Before anything takes time: what cannot be done is refused at once.
            PulumiDeployment.Require(context);
        }

        PulumiDeployment engine = new(context, stack);
        IReadOnlyList<PhasePlan> planned = await PlanAsync(context, stack, cancellationToken);
        IReadOnlyList<PhasePlan> phases = [.. planned.Append(PhasePlan.Removal).Where(phase => wanted.Contains(phase.Phase) && planned.Count > 0)];
        if (phases.Count == 0)
        {
            throw CliErrors.Usage(
                $"The stack '{stack}' has nothing in the phases {string.Join(", ", wanted.Order().Select(PhasePlan.NameOf))}.",
                stack == "localnet" ? "Name a stack with clouds: --stack testnet or --stack mainnet. ./jeju up brings the localnet up." : "Add a cloud to its settings.");
        }

        IReadOnlyList<PhaseOutcome> outcomes;
        if (dryRun)
        {
            outcomes = [.. phases.Select(phase => new PhaseOutcome(phase.Name, phase.Urns.Count, "planned"))];
            foreach (PhasePlan phase in phases)
            {
                context.Say($"jeju: {phase.Name}: {phase.Summary}");
                foreach (string note in phase.Notes)
                {
                    context.Say($"  {note}");
                }

                context.Say($"  {engine.Describe(phase)}");
            }
        }
        else
        {
            await Question.AskAsync(context, stack, $"Deploy {string.Join(", ", phases.Select(phase => phase.Name))} of '{stack}'?", yes, cancellationToken);
            PhaseJournal journal = new(Path.Combine(context.Layout.StackFolder(stack), "phases.json"), context.Time);
            outcomes = await new PhasedDeployment(engine, journal, context.Say).RunAsync(phases, cancellationToken);
        }

        if (asJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(outcomes, JsonText.Indented));
        }
        else
        {
            foreach (PhaseOutcome outcome in outcomes)
            {
                await context.Output.WriteLineAsync($"{outcome.Phase}  {outcome.Outcome}  {outcome.Resources} resources");
            }
        }

        return ExitCode.Done;
    }

    /// <summary>The plan of a stack by phase, from the embedded engine: without credentials and without a network.</summary>
    public static async Task<IReadOnlyList<PhasePlan>> PlanAsync(CommandContext context, string stack, CancellationToken cancellationToken)
    {
        StackEngine engine = StackSession.Open(context, stack);
        RunResult plan = await new RunDisplay(context).ShowAsync(events => engine.PreviewAsync(RunSettings.Default, events, cancellationToken));
        if (!plan.Succeeded)
        {
            throw plan.Failures[0];
        }

        IReadOnlyList<string> secrets = AwaitedSecrets.Of(plan.Registered);
        return [.. PhasePlan.Divide(plan.Registered).Select(phase => phase.Phase == DeploymentPhase.ChainServices ? phase with { Notes = secrets } : phase)];
    }
}
