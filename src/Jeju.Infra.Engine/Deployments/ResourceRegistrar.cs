using System.Collections.Concurrent;
using System.Collections.Immutable;
using Jeju.Infra.Core;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>Takes the registrations of a program and brings each resource to what is asked for.</summary>
internal sealed class ResourceRegistrar(
    DeploymentContext context, ProviderRegistry providers, OldResources olds, StepPlanner planner, StepExecutor executor) : IDisposable
{
    private readonly ConcurrentDictionary<string, RegisteredResource> _registered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _taken = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly SemaphoreSlim _replacementGate = new(1, 1);

    /// <summary>Whether the program registered its stack.</summary>
    public bool HasRoot => _registered.ContainsKey(context.RootUrn);

    /// <summary>All registered resources, in order.</summary>
    public IReadOnlyList<RegisteredResource> Registered => [.. _order.Select(urn => _registered[urn])];

    /// <summary>The stack's outputs; empty until they are registered.</summary>
    public PropertyMap StackOutputs => _registered.TryGetValue(context.RootUrn, out var root) ? root.State.Outputs : PropertyMap.Empty;

    /// <summary>Finds a resource of this run.</summary>
    public RegisteredResource? Find(string urn) => _registered.GetValueOrDefault(urn);

    /// <summary>Registers a resource; returns when it is what is asked for.</summary>
    public async Task<RegisteredResource> RegisterAsync(ResourceGoal goal)
    {
        if (context.HasFailed)
        {
            throw new OperationCanceledException("The run has failed already; nothing more is begun.");
        }

        var parent = goal.Parent.Length > 0 ? Find(goal.Parent) : null;
        goal = Inherit(goal, parent);
        var urn = Urn.Create(context.Stack, context.Project, goal.Parent, goal.Type, goal.Name);
        if (!_taken.TryAdd(urn, true))
        {
            throw EngineErrors.DuplicateUrn(urn);
        }

        var aliases = AliasResolver.Resolve(goal, urn, context.Stack, context.Project, parent);
        var old = olds.Claim(urn, aliases);
        var draft = Draft(goal, urn, aliases);
        var state = goal switch
        {
            { IsProvider: true } => await RegisterProviderAsync(draft, old).ConfigureAwait(false),
            { Custom: true } => await RegisterCustomAsync(goal, draft, old).ConfigureAwait(false),
            _ => await RegisterComponentAsync(draft, old).ConfigureAwait(false),
        };
        return Keep(new RegisteredResource(goal, state, aliases));
    }

    /// <summary>Sets the outputs of a component or of the stack.</summary>
    public async Task SetOutputsAsync(string urn, PropertyMap outputs)
    {
        if (Find(urn) is not { } registered)
        {
            throw EngineErrors.ProviderUnknown(urn);
        }

        if (registered.State.Outputs.Equals(outputs))
        {
            return;
        }

        var state = registered.State with { Outputs = outputs };
        await context.Recorder.ExchangeAsync(registered.State, state).ConfigureAwait(false);
        _registered[urn] = registered with { State = state };
    }

    /// <summary>Reads a resource that the stack does not manage.</summary>
    public async Task<RegisteredResource> ReadAsync(ResourceGoal goal, string id)
    {
        var parent = goal.Parent.Length > 0 ? Find(goal.Parent) : null;
        goal = Inherit(goal, parent);
        var urn = Urn.Create(context.Stack, context.Project, goal.Parent, goal.Type, goal.Name);
        if (!_taken.TryAdd(urn, true))
        {
            throw EngineErrors.DuplicateUrn(urn);
        }

        var old = olds.Claim(urn, []);
        var binding = await providers.ResolveAsync(goal.Provider, Urn.Package(goal.Type), goal.Version).ConfigureAwait(false);
        var draft = Draft(goal, urn, []) with { Id = id, External = true, Provider = binding.Reference };
        var state = await context.RunAsync(context.Plan(StepOperation.Read, urn, old, draft), async () =>
        {
            try
            {
                var answer = await binding.Provider.ReadAsync(new ProviderTarget(urn, id), goal.Inputs, goal.Inputs, context.Cancellation).ConfigureAwait(false);
                if (answer.Id.Length == 0)
                {
                    throw EngineErrors.ReadMissing(urn, id);
                }

                var read = draft with { Id = answer.Id, Inputs = answer.Inputs ?? goal.Inputs, Outputs = StepExecutor.MarkSecrets(answer.Outputs, draft) };
                await RecordReadAsync(old, read).ConfigureAwait(false);
                return read;
            }
            catch (ProviderCallException exception)
            {
                throw EngineErrors.OperationFailed("Reading", urn, exception.Message, exception);
            }
        }).ConfigureAwait(false);
        return Keep(new RegisteredResource(goal, state!, []));
    }

    /// <summary>Records a read resource whose outputs the engine knows by itself.</summary>
    public async Task<RegisteredResource> ReadOwnAsync(ResourceGoal goal, string id, PropertyMap outputs)
    {
        goal = Inherit(goal, goal.Parent.Length > 0 ? Find(goal.Parent) : null);
        var urn = Urn.Create(context.Stack, context.Project, goal.Parent, goal.Type, goal.Name);
        if (!_taken.TryAdd(urn, true))
        {
            throw EngineErrors.DuplicateUrn(urn);
        }

        var old = olds.Claim(urn, []);
        var state = Draft(goal, urn, []) with { Id = id, External = true, Outputs = outputs };
        await RecordReadAsync(old, state).ConfigureAwait(false);
        context.Record(context.Plan(StepOperation.Read, urn, old, state));
        return Keep(new RegisteredResource(goal, state, []));
    }

    public void Dispose() => _replacementGate.Dispose();

    /// <summary>A managed resource that is only read from now on stays where it is, and leaves the stack's care.</summary>
    private Task RecordReadAsync(ResourceState? old, ResourceState read) =>
        context.Recorder.EndAsync(operation: null, old is null ? [] : [old], read);

    private RegisteredResource Keep(RegisteredResource registered)
    {
        _registered[registered.State.Urn] = registered;
        _order.Enqueue(registered.State.Urn);
        return registered;
    }

    private ResourceGoal Inherit(ResourceGoal goal, RegisteredResource? parent)
    {
        if (parent is null)
        {
            return goal;
        }

        var package = Urn.Package(goal.Type);
        var provider = goal.Provider;
        if (provider.Length == 0 && goal is { Custom: true, IsProvider: false })
        {
            provider = goal.Providers.GetValueOrDefault(package) ?? parent.Goal.Providers.GetValueOrDefault(package) ?? "";
        }

        return goal with
        {
            Protect = goal.Protect ?? parent.State.Protect,
            RetainOnDelete = goal.RetainOnDelete ?? parent.State.RetainOnDelete,
            DeletedWith = goal.DeletedWith.Length > 0 ? goal.DeletedWith : parent.State.DeletedWith,
            Provider = provider,
            Providers = parent.Goal.Providers.SetItems(goal.Providers),
        };
    }

    private static ResourceState Draft(ResourceGoal goal, string urn, IReadOnlyList<string> aliases) => new()
    {
        Urn = urn,
        Type = goal.Type,
        Custom = goal.Custom,
        Inputs = goal.Inputs,
        Parent = goal.Parent,
        Protect = goal.Protect ?? false,
        Dependencies = goal.Dependencies,
        PropertyDependencies = goal.PropertyDependencies.Where(entry => entry.Value.Count > 0).ToImmutableSortedDictionary(StringComparer.Ordinal),
        AdditionalSecretOutputs = goal.AdditionalSecretOutputs,
        Aliases = aliases.ToEquatableList(),
        CustomTimeouts = goal.CustomTimeouts,
        RetainOnDelete = goal.RetainOnDelete ?? false,
        DeletedWith = goal.DeletedWith,
        IgnoreChanges = goal.IgnoreChanges,
        ReplaceOnChanges = goal.ReplaceOnChanges,
    };

    private async Task<ResourceState> RegisterComponentAsync(ResourceState draft, ResourceState? old)
    {
        // Outputs come later; until then those of the last run stand.
        if (old is null)
        {
            var now = context.Options.Time.GetUtcNow();
            var created = draft with { Created = now, Modified = now };
            await context.Recorder.EndAsync(operation: null, [], created).ConfigureAwait(false);
            context.Record(context.Plan(StepOperation.Create, draft.Urn, null, created));
            return created;
        }

        var differences = PropertyComparison.Compare(old.Inputs, draft.Inputs);
        var kept = draft with { Outputs = old.Outputs, Created = old.Created, Modified = old.Modified };
        if (old.HasSameContent(kept))
        {
            context.Recorder.Keep(old);
            context.Record(context.Plan(StepOperation.Same, draft.Urn, old, old));
            return old;
        }

        if (differences.Count > 0)
        {
            kept = kept with { Modified = context.Options.Time.GetUtcNow() };
        }

        await context.Recorder.EndAsync(operation: null, [old], kept).ConfigureAwait(false);
        context.Record(context.Plan(differences.Count > 0 ? StepOperation.Update : StepOperation.Same, draft.Urn, old, kept, differences));
        return kept;
    }

    private async Task<ResourceState> RegisterProviderAsync(ResourceState draft, ResourceState? old)
    {
        var binding = await providers.RegisterAsync(draft, old).ConfigureAwait(false);
        await ProviderRegistry.RecordProviderAsync(context, old, binding.State).ConfigureAwait(false);
        return context.Recorder.Current.Resources.First(resource => resource.Urn == draft.Urn && !resource.Delete);
    }

    private async Task<ResourceState> RegisterCustomAsync(ResourceGoal goal, ResourceState draft, ResourceState? old)
    {
        var binding = await providers.ResolveAsync(goal.Provider, Urn.Package(goal.Type), goal.Version).ConfigureAwait(false);
        if (binding.Provider.Capabilities.IsPlanOnly && !context.IsPreview)
        {
            throw EngineErrors.PlanOnly(Urn.Package(goal.Type), draft.Urn);
        }

        if (goal.ImportId.Length > 0 && (old is null || old.External || (old.ImportId != goal.ImportId && old.Id != goal.ImportId)))
        {
            return await ImportAsync(binding, goal, draft with { Provider = binding.Reference }).ConfigureAwait(false);
        }

        var beginsAnew = old is null or { PendingReplacement: true } or { External: true } || context.IsNamedForReplacement(draft.Urn);
        var asked = beginsAnew ? draft.Inputs : IgnoreChanges(draft, old!);
        var inputs = await planner.CheckAsync(binding, draft.Urn, beginsAnew ? null : old!.Inputs, asked).ConfigureAwait(false);
        draft = draft with { Inputs = inputs, Provider = binding.Reference, ImportId = goal.ImportId };
        if (old is null or { PendingReplacement: true } or { External: true })
        {
            return await executor.CreateAsync(binding, draft, old, []).ConfigureAwait(false);
        }

        var change = await planner.PlanAsync(binding, goal, old, draft).ConfigureAwait(false);
        return change.Operation switch
        {
            StepOperation.Same => await executor.KeepAsync(old, draft).ConfigureAwait(false),
            StepOperation.Update => await executor.UpdateAsync(binding, old, draft, change.Differences).ConfigureAwait(false),
            _ => await ReplaceAsync(binding, old, draft, asked, change).ConfigureAwait(false),
        };
    }

    private async Task<ResourceState> ReplaceAsync(
        ProviderBinding binding, ResourceState old, ResourceState draft, PropertyMap asked, PlannedChange change)
    {
        if (old.Protect)
        {
            throw EngineErrors.Protected(draft.Urn, "replaced");
        }

        if (draft.ImportId.Length > 0 && !context.IsPreview)
        {
            throw EngineErrors.ImportFailed(draft.Urn, draft.ImportId, "it would have to be replaced");
        }

        // Without the old inputs, so that generated names are new ones.
        draft = draft with { Inputs = await planner.CheckAsync(binding, draft.Urn, oldInputs: null, asked).ConfigureAwait(false) };
        if (change.DeletesFirst)
        {
            old = await DeleteFirstAsync(old).ConfigureAwait(false);
        }

        return await executor.CreateAsync(binding, draft, old, change.Differences).ConfigureAwait(false);
    }

    /// <summary>Deletes a resource, and before it all that cannot stay without it; they wait in the state to be created again.</summary>
    private async Task<ResourceState> DeleteFirstAsync(ResourceState old)
    {
        await _replacementGate.WaitAsync(context.Cancellation).ConfigureAwait(false);
        try
        {
            var cascade = await planner.FindCascadeAsync(old, olds.Unclaimed).ConfigureAwait(false);
            var victims = cascade.Append(old).ToArray();
            foreach (var guarded in victims.Where(victim => victim.Protect))
            {
                throw EngineErrors.Protected(guarded.Urn, "replaced");
            }

            var gone = old;
            var leaving = victims.Select(victim => victim.Urn).ToHashSet(StringComparer.Ordinal);
            foreach (var victim in victims)
            {
                var mark = victim with { PendingReplacement = true };
                var callsProvider = !victim.RetainOnDelete && !leaving.Contains(victim.DeletedWith);
                await executor.DeleteAsync(victim, StepOperation.DeleteReplaced, callsProvider, mark, isCounted: false).ConfigureAwait(false);
                olds.Exchange(victim, mark);
                gone = mark;
            }

            return gone;
        }
        finally
        {
            _replacementGate.Release();
        }
    }

    private async Task<ResourceState> ImportAsync(ProviderBinding binding, ResourceGoal goal, ResourceState draft)
    {
        var imported = await context.RunAsync(context.Plan(StepOperation.Import, draft.Urn, null, draft), async () =>
        {
            try
            {
                var answer = await binding.Provider.ReadAsync(
                    new ProviderTarget(draft.Urn, goal.ImportId), PropertyMap.Empty, PropertyMap.Empty, context.Cancellation).ConfigureAwait(false);
                if (answer.Id.Length == 0)
                {
                    throw EngineErrors.ImportFailed(draft.Urn, goal.ImportId, "it does not exist");
                }

                var now = context.Options.Time.GetUtcNow();
                var state = draft with
                {
                    Id = answer.Id, ImportId = goal.ImportId, Outputs = answer.Outputs, Created = now, Modified = now,
                    Inputs = answer.Inputs ?? throw EngineErrors.ImportFailed(draft.Urn, goal.ImportId, "its provider does not support it"),
                };
                await context.Recorder.EndAsync(operation: null, [], state).ConfigureAwait(false);
                return state;
            }
            catch (ProviderCallException exception)
            {
                throw EngineErrors.ImportFailed(draft.Urn, goal.ImportId, exception.Message);
            }
        }).ConfigureAwait(false);

        var inputs = await planner.CheckAsync(binding, draft.Urn, imported!.Inputs, IgnoreChanges(draft, imported)).ConfigureAwait(false);
        draft = draft with { Inputs = inputs, ImportId = goal.ImportId };
        var change = await planner.PlanAsync(binding, goal, imported, draft).ConfigureAwait(false);
        return change.Operation switch
        {
            StepOperation.Same => imported,
            StepOperation.Update => await executor.UpdateAsync(binding, imported, draft, change.Differences).ConfigureAwait(false),
            _ => throw EngineErrors.ImportFailed(draft.Urn, goal.ImportId, "what is there differs so much that it would have to be replaced"),
        };
    }

    private static PropertyMap IgnoreChanges(ResourceState draft, ResourceState old)
    {
        PropertyValue inputs = draft.Inputs;
        foreach (var path in draft.IgnoreChanges)
        {
            inputs = path == "*" ? old.Inputs : PropertyPath.Parse(path).TakeFrom(old.Inputs, inputs);
        }

        return (PropertyMap)inputs;
    }
}
