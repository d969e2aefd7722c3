using Jeju.Infra.Core;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Does single steps: written down as pending before, recorded after, with the provider's call in between.</summary>
internal sealed class StepExecutor(DeploymentContext context, ProviderRegistry providers)
{
    /// <summary>Creates a resource, new or in place of another.</summary>
    /// <param name="binding">Its provider.</param>
    /// <param name="draft">The state without id and outputs.</param>
    /// <param name="replaced">
    /// The one that it takes the place of; null for a new one. One that was deleted already, or was only read, leaves the state; any other is
    /// marked, and deleted at the end of the run.
    /// </param>
    /// <param name="differences">Why it replaces the other.</param>
    public async Task<ResourceState> CreateAsync(
        ProviderBinding binding, ResourceState draft, ResourceState? replaced, IReadOnlyList<PropertyDifference> differences)
    {
        var operation = replaced is null ? StepOperation.Create : StepOperation.Replace;
        var result = await context.RunAsync(context.Plan(operation, draft.Urn, replaced, draft, differences), async () =>
        {
            if (!binding.IsConfigured)
            {
                // Its provider's settings are not known yet, so nothing can be asked of it.
                return Unconfigured(draft, replaced);
            }

            var pending = new PendingOperation(draft, PendingOperationKind.Creating);
            await BeginAsync(pending).ConfigureAwait(false);
            var (removed, exchanged) = replaced switch
            {
                null => (Array.Empty<ResourceState>(), ((ResourceState, ResourceState)?)null),
                { PendingReplacement: true } or { External: true } => ([replaced], null),
                _ => ([], (replaced, replaced with { Delete = true })),
            };
            var now = context.Options.Time.GetUtcNow();
            try
            {
                var answer = await binding.Provider.CreateAsync(
                    draft.Urn, draft.Inputs, draft.CustomTimeouts.Create, context.IsPreview, CancellationToken.None).ConfigureAwait(false);
                if (answer.Id.Length == 0 && !context.IsPreview)
                {
                    throw new ProviderCallException("the provider gave the new resource no id", cause: null, outcomeUnknown: true);
                }

                var state = draft with { Id = answer.Id, Outputs = MarkSecrets(answer.Outputs, draft), Created = now, Modified = now };
                await context.Recorder.EndAsync(pending, removed, state, exchanged).ConfigureAwait(false);
                return state;
            }
            catch (PartialResourceException partial) when (partial.Id.Length > 0)
            {
                var state = draft with
                {
                    Id = partial.Id, Inputs = partial.Inputs ?? draft.Inputs, Outputs = MarkSecrets(partial.Outputs, draft),
                    InitErrors = partial.Reasons.ToEquatableList(), Created = now, Modified = now,
                };
                await context.Recorder.EndAsync(pending, removed, state, exchanged).ConfigureAwait(false);
                throw EngineErrors.OperationFailed("Creating", draft.Urn, string.Join("; ", partial.Reasons), partial);
            }
            catch (Exception exception) when (exception is ProviderCallException or PartialResourceException or InfraException)
            {
                throw await FailAsync("Creating", draft.Urn, pending, exception).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return result!;
    }

    /// <summary>Changes a resource in place.</summary>
    public async Task<ResourceState> UpdateAsync(
        ProviderBinding binding, ResourceState old, ResourceState draft, IReadOnlyList<PropertyDifference> differences)
    {
        var result = await context.RunAsync(context.Plan(StepOperation.Update, draft.Urn, old, draft, differences), async () =>
        {
            if (!binding.IsConfigured)
            {
                return Unconfigured(draft, old) with { Id = old.Id };
            }

            var pending = new PendingOperation(draft, PendingOperationKind.Updating);
            await BeginAsync(pending).ConfigureAwait(false);
            var now = context.Options.Time.GetUtcNow();
            try
            {
                var answer = await binding.Provider.UpdateAsync(
                    new ProviderTarget(draft.Urn, old.Id), old.Inputs, old.Outputs, draft.Inputs, draft.CustomTimeouts.Update, draft.IgnoreChanges,
                    context.IsPreview, CancellationToken.None).ConfigureAwait(false);
                var state = draft with { Id = old.Id, Outputs = MarkSecrets(answer.Outputs, draft), Created = old.Created, Modified = now };
                await context.Recorder.EndAsync(pending, [old], state).ConfigureAwait(false);
                return state;
            }
            catch (PartialResourceException partial)
            {
                // The old inputs stay, so that the next run sees a difference and tries again.
                var state = draft with
                {
                    Id = old.Id, Inputs = old.Inputs, Outputs = MarkSecrets(partial.Outputs, draft), InitErrors = partial.Reasons.ToEquatableList(),
                    Created = old.Created, Modified = now,
                };
                await context.Recorder.EndAsync(pending, [old], state).ConfigureAwait(false);
                throw EngineErrors.OperationFailed("Updating", draft.Urn, string.Join("; ", partial.Reasons), partial);
            }
            catch (Exception exception) when (exception is ProviderCallException or InfraException)
            {
                throw await FailAsync("Updating", draft.Urn, pending, exception).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return result!;
    }

    /// <summary>Keeps a resource as it is; its options may have changed.</summary>
    public async Task<ResourceState> KeepAsync(ResourceState old, ResourceState draft)
    {
        var kept = draft with
        {
            Id = old.Id, Inputs = old.Inputs, Outputs = MarkSecrets(old.Outputs, draft), Created = old.Created, Modified = old.Modified, ImportId = old.ImportId,
        };
        if (old.HasSameContent(kept))
        {
            context.Recorder.Keep(old);
            context.Record(context.Plan(StepOperation.Same, draft.Urn, old, old));
            return old;
        }

        await context.Recorder.EndAsync(operation: null, [old], kept).ConfigureAwait(false);
        context.Record(context.Plan(StepOperation.Same, draft.Urn, old, kept));
        return kept;
    }

    /// <summary>Deletes a resource and takes it from the state.</summary>
    /// <param name="state">The resource.</param>
    /// <param name="operation">As what the step appears.</param>
    /// <param name="callsProvider">Whether there is something to delete, and not only to forget.</param>
    /// <param name="kept">What stays in the state in its place: the mark that it is to be created again; null for nothing.</param>
    /// <param name="isCounted">Whether it is a step of its own, and not half of a replacement.</param>
    public async Task DeleteAsync(ResourceState state, StepOperation operation, bool callsProvider, ResourceState? kept, bool isCounted)
    {
        await context.RunAsync(context.Plan(operation, state.Urn, state, null), async () =>
        {
            PendingOperation? pending = null;
            if (callsProvider)
            {
                var binding = await providers.OfOldAsync(state).ConfigureAwait(false);
                pending = new PendingOperation(state, PendingOperationKind.Deleting);
                await BeginAsync(pending).ConfigureAwait(false);
                if (!context.IsPreview)
                {
                    try
                    {
                        await binding.Provider.DeleteAsync(
                            new ProviderTarget(state.Urn, state.Id), state.Inputs, state.Outputs, state.CustomTimeouts.Delete, CancellationToken.None).ConfigureAwait(false);
                    }
                    catch (Exception exception) when (exception is ProviderCallException or PartialResourceException or InfraException)
                    {
                        throw await FailAsync("Deleting", state.Urn, pending, exception).ConfigureAwait(false);
                    }
                }
            }

            if (kept is null)
            {
                await context.Recorder.EndAsync(pending, [state], added: null).ConfigureAwait(false);
            }
            else
            {
                await context.Recorder.EndAsync(pending, [], added: null, (state, kept)).ConfigureAwait(false);
            }

            return null;
        }, isCounted).ConfigureAwait(false);
    }

    /// <summary>Marks as secret what the program said is secret.</summary>
    public static PropertyMap MarkSecrets(PropertyMap outputs, ResourceState state) =>
        state.AdditionalSecretOutputs.Count == 0
            ? outputs
            : outputs.Select((name, value) => value is not PropertySecret && state.AdditionalSecretOutputs.Contains(name) ? new PropertySecret(value) : value);

    private static ResourceState Unconfigured(ResourceState draft, ResourceState? old) => draft with { Id = old?.Id ?? "", Outputs = PropertyMap.Empty };

    private Task BeginAsync(PendingOperation pending) => context.IsPreview ? Task.CompletedTask : context.Recorder.BeginAsync(pending);

    /// <summary>An operation of which nobody knows how it ended stays pending: the next run looks.</summary>
    private async Task<InfraException> FailAsync(string verb, string urn, PendingOperation pending, Exception exception)
    {
        if (exception is not ProviderCallException { OutcomeUnknown: true })
        {
            await context.Recorder.EndAsync(pending, [], added: null).ConfigureAwait(false);
        }

        return exception as InfraException ?? EngineErrors.OperationFailed(verb, urn, exception.Message, exception);
    }
}
