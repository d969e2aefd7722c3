using System.Security.Cryptography;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>What has to happen to an existing resource.</summary>
/// <param name="Operation">Same, Update or Replace.</param>
/// <param name="DeletesFirst">For a replacement: whether the old one has to go first.</param>
/// <param name="Differences">Why.</param>
internal sealed record PlannedChange(StepOperation Operation, bool DeletesFirst, IReadOnlyList<PropertyDifference> Differences);

/// <summary>Decides what happens to a resource: Check, then Diff, then the options that overrule the provider.</summary>
internal sealed class StepPlanner(DeploymentContext context, ProviderRegistry providers)
{
    /// <summary>Lists refusals for a message.</summary>
    public static string Describe(IReadOnlyList<CheckFailure> failures) =>
        string.Join("; ", failures.Select(failure => failure.Property.Length > 0 ? $"{failure.Property}: {failure.Reason}" : failure.Reason));

    /// <summary>Validates inputs and fills defaults.</summary>
    /// <param name="binding">The provider.</param>
    /// <param name="urn">The resource.</param>
    /// <param name="oldInputs">What defaults may be taken from; null for a resource that begins anew, so that generated names differ.</param>
    /// <param name="inputs">What the program asks for.</param>
    public async Task<PropertyMap> CheckAsync(ProviderBinding binding, string urn, PropertyMap? oldInputs, PropertyMap inputs)
    {
        if (!binding.IsConfigured)
        {
            return inputs;
        }

        var seed = RandomNumberGenerator.GetBytes(32);
        var check = await CallAsync("Checking", urn, () => binding.Provider.CheckAsync(urn, oldInputs, inputs, seed, context.Cancellation)).ConfigureAwait(false);
        return check.Failures.Count == 0 ? check.Inputs : throw EngineErrors.ResourceInvalid(urn, Describe(check.Failures));
    }

    /// <summary>Compares a resource with what is asked for.</summary>
    public async Task<PlannedChange> PlanAsync(ProviderBinding binding, ResourceGoal goal, ResourceState old, ResourceState draft)
    {
        if (!binding.IsConfigured)
        {
            return new PlannedChange(StepOperation.Update, DeletesFirst: false, PropertyComparison.Compare(old.Inputs, draft.Inputs));
        }

        var diff = await DiffAsync(binding, old, draft.Urn, draft.Inputs, draft.IgnoreChanges).ConfigureAwait(false);
        var differences = diff.Changes == DiffChanges.None ? [] : PropertyComparison.FromDiff(diff, old.Inputs, old.Outputs, draft.Inputs);
        var replaces = diff.Replaces.Count > 0
            || context.IsNamedForReplacement(draft.Urn)
            || ForcesReplacement(draft.ReplaceOnChanges, diff, differences)
            || await ProviderForcesReplacementAsync(binding, old).ConfigureAwait(false);
        if (replaces)
        {
            return new PlannedChange(StepOperation.Replace, goal.DeleteBeforeReplace ?? diff.DeleteBeforeReplace, MarkReplacing(differences, draft.ReplaceOnChanges));
        }

        return diff.Changes == DiffChanges.Some || old.InitErrors.Count > 0
            ? new PlannedChange(StepOperation.Update, DeletesFirst: false, differences)
            : new PlannedChange(StepOperation.Same, DeletesFirst: false, []);
    }

    /// <summary>
    /// What has to be deleted before a resource can be, because it would be replaced itself once the resource is another: in the order in
    /// which it has to go.
    /// </summary>
    public async Task<IReadOnlyList<ResourceState>> FindCascadeAsync(ResourceState victim, IReadOnlyList<ResourceState> candidates)
    {
        var replaced = new HashSet<string>(StringComparer.Ordinal) { victim.Urn };
        var cascade = new List<ResourceState>();
        foreach (var candidate in candidates.Where(candidate => candidate is { Custom: true, External: false, PendingReplacement: false } && candidate.Urn != victim.Urn))
        {
            var goesAlong = replaced.Contains(candidate.DeletedWith)
                || (candidate.Provider.Length > 0 && replaced.Contains(ProviderReference.Parse(candidate.Provider).Urn))
                || await WouldBeReplacedAsync(candidate, replaced).ConfigureAwait(false);
            if (goesAlong)
            {
                replaced.Add(candidate.Urn);
                cascade.Add(candidate);
            }
        }

        cascade.Reverse();
        return cascade;
    }

    /// <summary>Compares with the provider, and where that leaves it to the engine, by the inputs.</summary>
    public async Task<DiffResult> DiffAsync(
        ProviderBinding binding, ResourceState old, string urn, PropertyMap inputs, IReadOnlyList<string> ignoreChanges)
    {
        var diff = await CallAsync(
            "Comparing",
            urn,
            () => binding.Provider.DiffAsync(new ProviderTarget(urn, old.Id), old.Inputs, old.Outputs, inputs, ignoreChanges, context.Cancellation)).ConfigureAwait(false);
        return diff.Changes == DiffChanges.Unknown && diff.Replaces.Count == 0
            ? diff with { Changes = old.Inputs.Equals(inputs) ? DiffChanges.None : DiffChanges.Some }
            : diff;
    }

    private async Task<bool> WouldBeReplacedAsync(ResourceState candidate, HashSet<string> replaced)
    {
        var affected = candidate.PropertyDependencies.Where(entry => entry.Value.Any(replaced.Contains)).Select(entry => entry.Key).ToArray();
        if (affected.Length == 0 || candidate.IsProvider)
        {
            return false;
        }

        var inputs = affected.Aggregate(candidate.Inputs, (map, property) => map.With(property, PropertyValue.Unknown));
        var binding = await providers.OfOldAsync(candidate).ConfigureAwait(false);
        var diff = await DiffAsync(binding, candidate, candidate.Urn, inputs, candidate.IgnoreChanges).ConfigureAwait(false);
        return diff.Replaces.Count > 0;
    }

    /// <summary>A resource that moves to another provider is asked for anew where the new provider says so.</summary>
    private async Task<bool> ProviderForcesReplacementAsync(ProviderBinding binding, ResourceState old)
    {
        if (old.Provider.Length == 0 || old.Provider == binding.Reference)
        {
            return false;
        }

        var former = ProviderReference.Parse(old.Provider);
        if (former.Urn == binding.State.Urn)
        {
            // The same provider resource with another id was itself replaced.
            return true;
        }

        var formerState = context.Recorder.Current.Resources.FirstOrDefault(resource => resource.Urn == former.Urn);
        if (formerState is null)
        {
            return false;
        }

        var diff = await binding.Provider.DiffConfigAsync(
            new ProviderTarget(binding.State.Urn, binding.State.Id), formerState.Inputs, binding.State.Inputs, context.Cancellation).ConfigureAwait(false);
        return diff.Replaces.Count > 0;
    }

    private static bool ForcesReplacement(IReadOnlyList<string> replaceOnChanges, DiffResult diff, IReadOnlyList<PropertyDifference> differences)
    {
        if (replaceOnChanges.Count == 0 || diff.Changes == DiffChanges.None)
        {
            return false;
        }

        var changed = differences.Select(difference => difference.Path).Concat(diff.Diffs).Select(PropertyPath.Parse).ToArray();
        return replaceOnChanges.Any(path => path == "*" ? changed.Length > 0 : changed.Any(PropertyPath.Parse(path).Covers));
    }

    private static PropertyDifference[] MarkReplacing(IReadOnlyList<PropertyDifference> differences, IReadOnlyList<string> replaceOnChanges)
    {
        var paths = replaceOnChanges.Select(PropertyPath.Parse).ToArray();
        return
        [
            .. differences.Select(difference => difference with
            {
                ForcesReplacement = difference.ForcesReplacement || paths.Any(path => path.Covers(PropertyPath.Parse(difference.Path))),
            }),
        ];
    }

    private static async Task<TResult> CallAsync<TResult>(string verb, string urn, Func<Task<TResult>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ProviderCallException exception)
        {
            throw EngineErrors.OperationFailed(verb, urn, exception.Message, exception);
        }
    }
}
