using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Providers;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>A provider that resources can be bound to.</summary>
/// <param name="State">The provider resource.</param>
/// <param name="Provider">The configured provider.</param>
/// <param name="IsConfigured">False where its inputs are not known yet: then nothing may be asked of it.</param>
internal sealed record ProviderBinding(ResourceState State, IResourceProvider Provider, bool IsConfigured)
{
    /// <summary>How resources refer to it.</summary>
    public string Reference => new ProviderReference(State.Urn, State.Id.Length > 0 ? State.Id : PropertySignatures.UnknownString).ToString();
}

/// <summary>The providers of a run, each in its own process: registered ones, default ones, and those of the last run.</summary>
internal sealed class ProviderRegistry(DeploymentContext context, ProviderLoader loader, OldResources former, IReadOnlyDictionary<string, ConfigEntry> config)
    : IAsyncDisposable
{
    private const string DefaultName = "default";

    private readonly ConcurrentDictionary<string, ProviderBinding> _bindings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<ProviderBinding>>> _defaults = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<ProviderBinding>>> _fromState = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _planOnly = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<IResourceProvider> _all = [];

    /// <summary>The resources of the last run; another list once interrupted operations are resolved.</summary>
    public OldResources Olds { get; set; } = former;

    public IReadOnlyList<string> PlanOnlyPackages => [.. _planOnly.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The provider of a registration or an invoke: the explicit one, or the package's default one.</summary>
    public Task<ProviderBinding> ResolveAsync(string reference, string package, string version) =>
        reference.Length == 0 ? DefaultAsync(package, version) : Task.FromResult(Find(reference) ?? throw EngineErrors.ProviderUnknown(reference));

    /// <summary>The provider with which a resource of the last run was made.</summary>
    public async Task<ProviderBinding> OfOldAsync(ResourceState state) =>
        Find(state.Provider) ?? await _fromState.GetOrAdd(state.Provider, reference => new(() => LoadOldAsync(reference))).Value.ConfigureAwait(false);

    /// <summary>Registers a provider resource of the program.</summary>
    public async Task<ProviderBinding> RegisterAsync(ResourceState draft, ResourceState? old)
    {
        var package = Urn.Package(draft.Type);
        var provider = await LoadAsync(package).ConfigureAwait(false);
        var check = await provider.CheckConfigAsync(draft.Urn, old?.Inputs, draft.Inputs, context.Cancellation).ConfigureAwait(false);
        if (check.Failures.Count > 0)
        {
            throw EngineErrors.ResourceInvalid(draft.Urn, StepPlanner.Describe(check.Failures));
        }

        var isReplaced = false;
        if (old is { Id.Length: > 0 })
        {
            var diff = await provider.DiffConfigAsync(new ProviderTarget(draft.Urn, old.Id), old.Inputs, check.Inputs, context.Cancellation).ConfigureAwait(false);
            isReplaced = diff.Replaces.Count > 0;
        }

        // The id of a new provider is not known in a preview; the resources then refer to it by the unknown's text.
        var id = old is { Id.Length: > 0 } && !isReplaced ? old.Id : context.IsPreview ? "" : NewId();
        var state = draft with { Inputs = check.Inputs, Outputs = check.Inputs, Id = id };
        var isConfigured = provider.Capabilities.IsPlanOnly || !check.Inputs.ContainsUnknowns;
        if (isConfigured)
        {
            await provider.ConfigureAsync(new ProviderTarget(state.Urn, id), check.Inputs, context.Cancellation).ConfigureAwait(false);
        }

        var binding = new ProviderBinding(state, provider, isConfigured);
        _bindings[binding.Reference] = binding;
        return binding;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_all.Select(provider => provider.DisposeAsync().AsTask())).ConfigureAwait(false);

    /// <summary>Asks all providers to break off what they do.</summary>
    public Task CancelAsync(CancellationToken cancellationToken) => Task.WhenAll(_all.Select(provider => provider.CancelAsync(cancellationToken)));

    private ProviderBinding? Find(string reference) => _bindings.GetValueOrDefault(reference);

    private Task<ProviderBinding> DefaultAsync(string package, string version) =>
        _defaults.GetOrAdd($"{package}@{version}", _ => new(() => RegisterDefaultAsync(package, version))).Value;

    private async Task<ProviderBinding> RegisterDefaultAsync(string package, string version)
    {
        var type = $"pulumi:providers:{package}";
        var name = version.Length == 0 ? DefaultName : $"{DefaultName}_{version.Replace('.', '_').Replace('-', '_').Replace('+', '_')}";
        var urn = Urn.Create(context.Stack, context.Project, parent: null, type, name);
        var old = Olds.Claim(urn, []);
        var prefix = package + ":";
        var inputs = PropertyMap.From(config
            .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(
                entry.Key[prefix.Length..], entry.Value.IsSecret ? new PropertySecret(entry.Value.Value) : (PropertyValue)entry.Value.Value)));
        if (version.Length > 0)
        {
            inputs = inputs.With("version", version);
        }

        var draft = new ResourceState { Urn = urn, Type = type, Custom = true, Inputs = inputs };
        var binding = await RegisterAsync(draft, old).ConfigureAwait(false);
        await RecordProviderAsync(context, old, binding.State).ConfigureAwait(false);
        return binding;
    }

    /// <summary>Writes a provider resource to the state.</summary>
    public static async Task RecordProviderAsync(DeploymentContext context, ResourceState? old, ResourceState state)
    {
        if (old is null)
        {
            var created = state with { Created = context.Options.Time.GetUtcNow(), Modified = context.Options.Time.GetUtcNow() };
            await context.Recorder.EndAsync(operation: null, [], created).ConfigureAwait(false);
            context.Record(context.Plan(StepOperation.Create, state.Urn, null, state));
            return;
        }

        var kept = state with { Created = old.Created, Modified = old.Modified };
        if (old.HasSameContent(kept))
        {
            context.Recorder.Keep(old);
            context.Record(context.Plan(StepOperation.Same, state.Urn, old, old));
            return;
        }

        await context.Recorder.EndAsync(operation: null, [old], kept with { Modified = context.Options.Time.GetUtcNow() }).ConfigureAwait(false);
        context.Record(context.Plan(StepOperation.Update, state.Urn, old, kept, Display.PropertyComparison.Compare(old.Inputs, kept.Inputs)));
    }

    private async Task<ProviderBinding> LoadOldAsync(string reference)
    {
        var parsed = ProviderReference.Parse(reference);
        var state = context.Recorder.Current.Resources.FirstOrDefault(resource => resource.Urn == parsed.Urn && resource.Id == parsed.Id)
                    ?? Olds.Find(parsed.Urn)
                    ?? throw EngineErrors.ProviderUnknown(reference);
        var provider = await LoadAsync(parsed.Package).ConfigureAwait(false);
        await provider.ConfigureAsync(new ProviderTarget(state.Urn, state.Id), state.Inputs, context.Cancellation).ConfigureAwait(false);
        return new ProviderBinding(state, provider, IsConfigured: true);
    }

    private async Task<IResourceProvider> LoadAsync(string package)
    {
        var provider = await loader.LoadAsync(package, context.Cancellation).ConfigureAwait(false);
        _all.Add(provider);
        if (provider.Capabilities.IsPlanOnly)
        {
            _planOnly[package] = true;
        }

        return provider;
    }

    /// <summary>A random UUID, version 4.</summary>
    private static string NewId()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
