using System.Collections.Concurrent;
using System.Reflection;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Provider.Framework;

/// <summary>
/// One resource type: what its verbs do, in terms of typed inputs and outputs. Binding, validation, comparison and secrets are done here, the
/// same for all types, from the attributes of the two records.
/// </summary>
/// <typeparam name="TInputs">What the user gives.</typeparam>
/// <typeparam name="TOutputs">What the resource adds; the inputs are part of the outputs by themselves.</typeparam>
internal abstract class ResourceHandler<TInputs, TOutputs> : IResourceHandler
    where TInputs : class
    where TOutputs : class
{
    private readonly ResourceTypeAttribute _type;
    private readonly ConcurrentDictionary<string, bool> _adopted = new(StringComparer.Ordinal);

    protected ResourceHandler() =>
        _type = GetType().GetCustomAttribute<ResourceTypeAttribute>() ?? throw new InvalidOperationException($"{GetType()} names no resource type.");

    public string Token => _type.Token;

    public string Description => _type.Description;

    RecordModel IResourceHandler.Inputs => InputModel;

    RecordModel IResourceHandler.Outputs => OutputModel;

    private static RecordModel InputModel => RecordModel.Of(typeof(TInputs));

    private static RecordModel OutputModel => RecordModel.Of(typeof(TOutputs));

    /// <summary>Whether the old resource must be gone before a replacement can exist, as with a port that both would need.</summary>
    protected virtual bool DeleteBeforeReplace => false;

    /// <summary>Looks at what the attributes cannot say, and fills in what the plugin finds out itself.</summary>
    protected virtual Task CheckAsync(InputCheck<TInputs> check, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Compares the real thing with what the last deployment left. Called by every `up`, so it must be quick, and it never fails on what it cannot reach.</summary>
    protected virtual Task<IReadOnlyList<Drift>> FindDriftAsync(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Drift>>([]);

    /// <summary>Notes what exists. Called by every preview and `up` for a resource that exists; a creation that is planned after it is its replacement's.</summary>
    protected virtual void Remember(ResourceContext context, ResourceState<TInputs, TOutputs> state)
    {
    }

    /// <summary>Refuses a change that must not be made. Called by every preview and `up` for a resource that exists, before anything else.</summary>
    protected virtual Task RequireAllowedAsync(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, Bound<TInputs> news, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What a preview of a creation can promise.</summary>
    protected virtual void PlanCreate(ResourceContext context, Bound<TInputs> inputs, Plan<TOutputs> plan)
    {
    }

    /// <summary>What a preview of an update can promise; the old outputs where not overridden.</summary>
    /// <returns>The names of outputs that the update may change.</returns>
    protected virtual IReadOnlyCollection<string> ChangedByUpdate(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, Bound<TInputs> news) => [];

    protected abstract Task<Created<TOutputs>> CreateAsync(ResourceContext context, TInputs inputs, CancellationToken cancellationToken);

    /// <summary>Reads the real thing; null when it is gone.</summary>
    protected abstract Task<ResourceState<TInputs, TOutputs>?> ReadAsync(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken);

    protected abstract Task<TOutputs> UpdateAsync(
        ResourceContext context, ResourceState<TInputs, TOutputs> state, TInputs news, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that a creation of this run found the thing as an earlier one left it. A replacement that creates before it deletes may find the
    /// very thing that it replaces; deleting that would take the new resource away.
    /// </summary>
    protected void MarkAdopted(string id) => _adopted[id] = true;

    /// <summary>Removes the thing; succeeds when it is gone already.</summary>
    protected abstract Task DeleteAsync(ResourceContext context, ResourceState<TInputs, TOutputs> state, CancellationToken cancellationToken);

    async Task<CheckOutcome> IResourceHandler.CheckAsync(ResourceContext context, PropertyMap news, CancellationToken cancellationToken)
    {
        var failures = news.Keys
            .Where(name => !InputModel.ByName.ContainsKey(name))
            .Select(name => new PropertyFailure(name, $"is no property of {Token}: use {string.Join(", ", InputModel.ByName.Keys.Order(StringComparer.Ordinal))}"))
            .ToList();
        var completed = PropertyBinder.Complete(InputModel, news);
        var bound = PropertyBinder.Bind<TInputs>(completed);
        failures.AddRange(bound.Failures);

        if (failures.Count == 0)
        {
            var check = new InputCheck<TInputs>(context, bound);
            await CheckAsync(check, cancellationToken);
            failures.AddRange(check.Failures);
            foreach (var (member, value) in check.Computed)
            {
                var property = InputModel.ByName[PropertyBinder.WireName(member)];
                completed = value is null ? completed.Without(property.Name) : completed.With(property.Name, PropertyBinder.EncodeProperty(property, value));
            }
        }

        return new CheckOutcome(completed, failures);
    }

    async Task<DiffOutcome> IResourceHandler.DiffAsync(
        ResourceContext context, string id, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap news, CancellationToken cancellationToken)
    {
        var state = Restore(id, oldInputs, oldOutputs);
        await RequireAllowedAsync(context, state, PropertyBinder.Bind<TInputs>(news), cancellationToken);
        Remember(context, state);
        var differences = PropertyComparison.Compare(InputModel, oldInputs, news).ToList();
        if (!differences.Any(difference => difference.Replaces))
        {
            foreach (var drift in await FindDriftAsync(context, state, cancellationToken))
            {
                var path = PropertyBinder.WireName(drift.Property);
                await context.Log.InformationAsync(drift.Reason, cancellationToken);
                differences.RemoveAll(difference => difference.Path == path);
                differences.Add(new PropertyDifference(
                    path,
                    drift.Replaces ? Pulumirpc.PropertyDiff.Types.Kind.UpdateReplace : Pulumirpc.PropertyDiff.Types.Kind.Update,
                    IsInput: false));
            }
        }

        return new DiffOutcome(differences, DeleteBeforeReplace);
    }

    PropertyMap IResourceHandler.PlanCreate(ResourceContext context, PropertyMap inputs)
    {
        var plan = new Plan<TOutputs>();
        PlanCreate(context, PropertyBinder.Bind<TInputs>(inputs), plan);
        return PropertyMap.From(inputs.Concat(OutputModel.Properties
            .Where(property => !inputs.ContainsKey(property.Name))
            .Select(property => KeyValuePair.Create(property.Name, Planned(plan, property)))));
    }

    PropertyMap IResourceHandler.PlanUpdate(ResourceContext context, string id, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap news)
    {
        var changed = ChangedByUpdate(context, Restore(id, oldInputs, oldOutputs), PropertyBinder.Bind<TInputs>(news)).Select(PropertyBinder.WireName).ToHashSet();
        return PropertyMap.From(news.Concat(OutputModel.Properties
            .Where(property => !news.ContainsKey(property.Name))
            .Select(property => KeyValuePair.Create(
                property.Name, changed.Contains(property.Name) ? PropertyValue.Unknown : oldOutputs.Find(property.Name) ?? PropertyValue.Null))));
    }

    async Task<ResourceOutcome> IResourceHandler.CreateAsync(ResourceContext context, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var created = await CreateAsync(context, RequireKnown(inputs), cancellationToken);
        return new ResourceOutcome(created.Id, PropertyBinder.Merge(inputs, created.Outputs), inputs);
    }

    async Task<ResourceOutcome?> IResourceHandler.ReadAsync(
        ResourceContext context, string id, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(context, Restore(id, inputs, outputs), cancellationToken);
        if (found is null)
        {
            return null;
        }

        var foundInputs = KeepMarks(inputs, PropertyBinder.Encode(found.Inputs));
        return new ResourceOutcome(found.Id, PropertyBinder.Merge(foundInputs, found.Outputs), foundInputs);
    }

    async Task<ResourceOutcome> IResourceHandler.UpdateAsync(
        ResourceContext context, string id, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap news, CancellationToken cancellationToken)
    {
        var outputs = await UpdateAsync(context, Restore(id, oldInputs, oldOutputs), RequireKnown(news), cancellationToken);
        return new ResourceOutcome(id, PropertyBinder.Merge(news, outputs), news);
    }

    Task IResourceHandler.DeleteAsync(ResourceContext context, string id, PropertyMap inputs, PropertyMap outputs, CancellationToken cancellationToken) =>
        _adopted.ContainsKey(id)
            ? context.Log.InformationAsync("Kept: the replacement is the same thing, found as it was.", cancellationToken)
            : DeleteAsync(context, Restore(id, inputs, outputs), cancellationToken);

    private static PropertyValue Planned(Plan<TOutputs> plan, PropertyModel property)
    {
        var known = plan.Known.FirstOrDefault(pair => PropertyBinder.WireName(pair.Key) == property.Name);
        return known.Key is null ? PropertyValue.Unknown : PropertyBinder.EncodeProperty(property, known.Value);
    }

    private static ResourceState<TInputs, TOutputs> Restore(string id, PropertyMap inputs, PropertyMap outputs) =>
        new(id, PropertyBinder.Restore<TInputs>(inputs), PropertyBinder.Restore<TOutputs>(outputs));

    private static TInputs RequireKnown(PropertyMap inputs)
    {
        var bound = PropertyBinder.Bind<TInputs>(inputs);
        return bound.IsFullyKnown && bound.Failures.Count == 0
            ? bound.Values
            : throw new InvalidOperationException(
                $"Inputs reached an operation without being known and checked: {string.Join(", ", bound.Unknown.Concat(bound.Failures.Select(failure => failure.Path)))}.");
    }

    /// <summary>What was read, with the secret marks that the user's own values carried.</summary>
    private static PropertyMap KeepMarks(PropertyMap before, PropertyMap now) => now.Select((name, value) =>
        before.Find(name) is { } old && PropertyBinder.Unwrap(old).Equals(PropertyBinder.Unwrap(value)) ? old : value);
}
