using Jeju.Infra.Core;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Brings the state to what is there: reads every managed resource.</summary>
internal sealed class RefreshPhase(DeploymentContext context, ProviderRegistry providers)
{
    /// <summary>Reads all resources of the last run.</summary>
    public async Task RunAsync()
    {
        var before = context.Recorder.Unfinished;
        var read = await Task.WhenAll(before.Select(RefreshAsync)).ConfigureAwait(false);
        var gone = before.Zip(read).Where(pair => pair.Second is null).Select(pair => pair.First.Urn).ToHashSet(StringComparer.Ordinal);
        var after = read.OfType<ResourceState>().Select(state => gone.Count == 0 ? state : WithoutDependenciesOn(state, gone)).ToArray();
        if (!before.SequenceEqual(after, ReferenceEqualityComparer.Instance))
        {
            await context.Recorder.RewriteAsync(_ => after).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Looks at what an interrupted run left. What it had begun to create is looked for by its provider and, where it is there, taken into
    /// the state; what it was changing or deleting is read. Either way the next step continues from what is really there.
    /// </summary>
    public async Task ResolvePendingAsync()
    {
        foreach (var pending in context.Recorder.Current.PendingOperations)
        {
            try
            {
                if (pending.Kind == PendingOperationKind.Creating)
                {
                    await ResolveCreateAsync(pending).ConfigureAwait(false);
                }
                else
                {
                    await ResolveChangeAsync(pending).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (exception is ProviderCallException or InfraException)
            {
                context.Warn(
                    pending.Resource.Urn,
                    $"An interrupted run was {pending.Kind.ToString().ToLowerInvariant()} this resource, and its provider cannot say what became of that: {exception.Message}");
            }
        }
    }

    private async Task ResolveCreateAsync(PendingOperation pending)
    {
        var draft = pending.Resource;
        var binding = await providers.OfOldAsync(draft).ConfigureAwait(false);
        var found = await binding.Provider.ReadAsync(new ProviderTarget(draft.Urn, ""), draft.Inputs, PropertyMap.Empty, context.Cancellation).ConfigureAwait(false);
        if (found.Id.Length == 0)
        {
            await context.Recorder.DropPendingAsync(candidate => ReferenceEquals(candidate, pending)).ConfigureAwait(false);
            return;
        }

        var now = context.Options.Time.GetUtcNow();
        var state = draft with
        {
            Id = found.Id, Outputs = StepExecutor.MarkSecrets(found.Outputs, draft), InitErrors = ["An interrupted run had begun to create it."], Created = now, Modified = now,
        };
        context.Inform(draft.Urn, $"An interrupted run had created this resource as '{found.Id}'; it is taken over.");
        await context.Recorder.DropPendingAsync(candidate => ReferenceEquals(candidate, pending)).ConfigureAwait(false);
        await context.Recorder.RewriteAsync(states =>
        [
            .. states.Where(old => !(old.Urn == state.Urn && (old.PendingReplacement || old.External)))
                .Select(old => old.Urn == state.Urn && old.Id != state.Id ? old with { Delete = true } : old)
                .Where(old => !(old.Urn == state.Urn && old.Id == state.Id)),
            state,
        ]).ConfigureAwait(false);
    }

    private async Task ResolveChangeAsync(PendingOperation pending)
    {
        var state = context.Recorder.Unfinished.FirstOrDefault(old => old.Urn == pending.Resource.Urn && old.Id == pending.Resource.Id)
                    ?? context.Recorder.Unfinished.FirstOrDefault(old => old.Urn == pending.Resource.Urn && !old.Delete && pending.Resource.Id.Length == 0);
        if (state is { Custom: true, IsProvider: false, PendingReplacement: false })
        {
            var binding = await providers.OfOldAsync(state).ConfigureAwait(false);
            var found = await binding.Provider.ReadAsync(new ProviderTarget(state.Urn, state.Id), state.Inputs, state.Outputs, context.Cancellation).ConfigureAwait(false);
            await context.Recorder.RewriteAsync(states => found.Id.Length == 0
                ? [.. states.Where(old => !ReferenceEquals(old, state)).Select(old => WithoutDependenciesOn(old, [state.Urn]))]
                : [.. states.Select(old => ReferenceEquals(old, state) ? Interrupted(state, found, pending.Kind) : old)]).ConfigureAwait(false);
        }

        await context.Recorder.DropPendingAsync(candidate => ReferenceEquals(candidate, pending)).ConfigureAwait(false);
    }

    /// <summary>An interrupted update is repeated even where the comparison sees no difference.</summary>
    private static ResourceState Interrupted(ResourceState state, ResourceResult found, PendingOperationKind kind) => state with
    {
        Id = found.Id,
        Outputs = StepExecutor.MarkSecrets(found.Outputs, state),
        InitErrors = kind == PendingOperationKind.Updating ? ["An interrupted run had begun to update it."] : state.InitErrors,
    };

    private async Task<ResourceState?> RefreshAsync(ResourceState state)
    {
        if (state is not { Custom: true, IsProvider: false, PendingReplacement: false } || state.Provider.Length == 0)
        {
            return state;
        }

        try
        {
            ResourceState? after = state;
            var binding = await providers.OfOldAsync(state).ConfigureAwait(false);
            // What differs is known only after the reading, so the step is announced with nothing and recorded with what was found.
            await context.RunAsync(context.Plan(StepOperation.Refresh, state.Urn, state, state), async () =>
            {
                after = await ReadAsync(binding, state).ConfigureAwait(false);
                return after;
            }, isCounted: false).ConfigureAwait(false);
            context.Record(context.Plan(
                after is null ? StepOperation.Discard : StepOperation.Refresh, state.Urn, state, after,
                after is null ? [] : PropertyComparison.Compare(state.Outputs, after.Outputs)));
            return after;
        }
        catch (InfraException)
        {
            // Recorded with its step; the state stays as it was.
            return state;
        }
    }

    private async Task<ResourceState?> ReadAsync(ProviderBinding binding, ResourceState state)
    {
        try
        {
            var found = await binding.Provider.ReadAsync(new ProviderTarget(state.Urn, state.Id), state.Inputs, state.Outputs, context.Cancellation).ConfigureAwait(false);
            if (found.Id.Length == 0)
            {
                return null;
            }

            var read = state with
            {
                Id = found.Id, Outputs = StepExecutor.MarkSecrets(found.Outputs, state), Inputs = found.Inputs ?? state.Inputs, InitErrors = [],
            };
            return read.HasSameContent(state) ? state : read with { Modified = context.Options.Time.GetUtcNow() };
        }
        catch (PartialResourceException partial)
        {
            context.Warn(state.Urn, string.Join("; ", partial.Reasons));
            return state with { Outputs = StepExecutor.MarkSecrets(partial.Outputs, state), InitErrors = partial.Reasons.ToEquatableList() };
        }
        catch (ProviderCallException exception)
        {
            throw EngineErrors.OperationFailed("Reading", state.Urn, exception.Message, exception);
        }
    }

    private static ResourceState WithoutDependenciesOn(ResourceState state, HashSet<string> gone)
    {
        if (!state.AllDependencies().Any(gone.Contains))
        {
            return state;
        }

        return state with
        {
            Dependencies = state.Dependencies.Where(urn => !gone.Contains(urn)).ToEquatableList(),
            PropertyDependencies = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal,
                state.PropertyDependencies.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Where(urn => !gone.Contains(urn)).ToEquatableList()))
                    .Where(entry => entry.Value.Count > 0)),
            DeletedWith = gone.Contains(state.DeletedWith) ? "" : state.DeletedWith,
        };
    }
}
