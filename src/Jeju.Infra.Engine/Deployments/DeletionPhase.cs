using Jeju.Infra.Core;
using Jeju.Infra.Engine.State;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Deletes, after the program, what it no longer registers and what was replaced: each one after all that needs it.</summary>
internal sealed class DeletionPhase(DeploymentContext context, StepExecutor executor, IReadOnlySet<string> replacedUrns)
{
    /// <summary>Deletes all states that this run did not finish.</summary>
    public async Task RunAsync()
    {
        var leaving = context.Recorder.Unfinished;
        var guarded = leaving.Where(state => state is { Protect: true, External: false }).ToArray();
        if (guarded.Length > 0)
        {
            foreach (var state in guarded)
            {
                context.Fail(EngineErrors.Protected(state.Urn, "deleted"), state.Urn);
            }

            return;
        }

        var urns = leaving.Select(state => state.Urn).Concat(replacedUrns).ToHashSet(StringComparer.Ordinal);
        var deletions = new Task<bool>[leaving.Count];
        var dependents = new Dictionary<string, List<Task<bool>>>(StringComparer.Ordinal);
        // From the last to the first: what needs a resource comes after it in the state, so its deletion has begun already.
        for (var index = leaving.Count - 1; index >= 0; index--)
        {
            var state = leaving[index];
            deletions[index] = DeleteAsync(state, urns, [.. dependents.GetValueOrDefault(state.Urn) ?? []]);
            foreach (var needed in state.AllDependencies())
            {
                if (!dependents.TryGetValue(needed, out var tasks))
                {
                    dependents[needed] = tasks = [];
                }

                tasks.Add(deletions[index]);
            }
        }

        await Task.WhenAll(deletions).ConfigureAwait(false);
    }

    private async Task<bool> DeleteAsync(ResourceState state, HashSet<string> leaving, Task<bool>[] dependents)
    {
        await Task.Yield();
        var gone = await Task.WhenAll(dependents).ConfigureAwait(false);
        if (gone.Contains(false) || context.Cancellation.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            if (state.PendingReplacement)
            {
                // It was deleted when its replacement began, and the program does not want it any more.
                await context.Recorder.EndAsync(operation: null, [state], added: null).ConfigureAwait(false);
                context.Record(context.Plan(StepOperation.Delete, state.Urn, state, null));
                return true;
            }

            var isForgotten = state.External || state.RetainOnDelete;
            var callsProvider = state is { Custom: true, IsProvider: false } && !isForgotten && !leaving.Contains(state.DeletedWith);
            var operation = isForgotten ? StepOperation.Discard : state.Delete ? StepOperation.DeleteReplaced : StepOperation.Delete;
            await executor.DeleteAsync(state, operation, callsProvider, kept: null, isCounted: !(state.Delete && replacedUrns.Contains(state.Urn))).ConfigureAwait(false);
            return true;
        }
        catch (InfraException)
        {
            // Recorded with its step. What it depends on stays, and the next run tries again.
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
