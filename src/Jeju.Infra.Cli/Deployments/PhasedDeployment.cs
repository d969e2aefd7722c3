using Jeju.Infra.Core;

namespace Jeju.Infra.Cli.Deployments;

/// <summary>How a phase ended.</summary>
/// <param name="Phase">Its name.</param>
/// <param name="Resources">How many resources it has.</param>
/// <param name="Outcome"><c>done</c>: brought about by this run; <c>was-done</c>: found done; <c>planned</c>: a dry run.</param>
internal sealed record PhaseOutcome(string Phase, int Resources, string Outcome);

/// <summary>
/// Runs a deployment phase by phase. A phase is done when its resources, read back, are what the program says: before it runs (then it is
/// skipped, so that a run that was cut off is continued) and after it ran (else the run ends there).
/// </summary>
/// <param name="engine">What deploys.</param>
/// <param name="journal">What was found done.</param>
/// <param name="say">Told what goes on.</param>
internal sealed class PhasedDeployment(IDeploymentEngine engine, PhaseJournal journal, Action<string> say)
{
    /// <summary>Runs the phases in their order.</summary>
    /// <exception cref="InfraException">JEJU0833: a phase failed; JEJU0834: it ran, and its resources are not what the program says.</exception>
    public async Task<IReadOnlyList<PhaseOutcome>> RunAsync(IReadOnlyList<PhasePlan> phases, CancellationToken cancellationToken)
    {
        List<PhaseOutcome> outcomes = [];
        IReadOnlyDictionary<string, DateTimeOffset> former = await journal.ReadAsync(cancellationToken);
        foreach (PhasePlan phase in phases)
        {
            say($"jeju: {phase.Name}: {phase.Summary}");
            if (await engine.IsAsPlannedAsync(phase, cancellationToken))
            {
                say($"jeju: {phase.Name}: is as the program says; nothing to do");
                outcomes.Add(new PhaseOutcome(phase.Name, phase.Urns.Count, "was-done"));
            }
            else
            {
                if (former.TryGetValue(phase.Name, out DateTimeOffset when))
                {
                    say($"jeju: {phase.Name}: was done on {when:yyyy-MM-dd HH:mm}Z, and is no longer as the program says");
                }

                foreach (string note in phase.Notes)
                {
                    say($"jeju: {phase.Name}: {note}");
                }

                await engine.DeployAsync(phase, cancellationToken);
                if (!await engine.IsAsPlannedAsync(phase, cancellationToken))
                {
                    throw new InfraException(
                        new ErrorCode(834),
                        $"The phase {phase.Name} ran without an error, but its resources, read back, are not what the program says.",
                        "Look at ./jeju preview --refresh with the same stack. The phases after it were not begun.");
                }

                say($"jeju: {phase.Name}: done, and read back");
                outcomes.Add(new PhaseOutcome(phase.Name, phase.Urns.Count, "done"));
            }

            await journal.WriteAsync(phase.Name, cancellationToken);
        }

        return outcomes;
    }
}
