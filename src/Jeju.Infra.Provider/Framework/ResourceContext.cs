namespace Jeju.Infra.Provider.Framework;

/// <summary>Where a handler tells the user what it does and waits for.</summary>
internal interface IResourceLog
{
    /// <summary>A step of a long operation; shown while it is the newest.</summary>
    Task ProgressAsync(string message, CancellationToken cancellationToken);

    /// <summary>Something that stays in the log of the run.</summary>
    Task InformationAsync(string message, CancellationToken cancellationToken);

    /// <summary>Something that the user should look at.</summary>
    Task WarningAsync(string message, CancellationToken cancellationToken);
}

/// <summary>The resource that an operation is about.</summary>
/// <param name="Urn">The resource's URN.</param>
/// <param name="Timeout">The custom timeout of the operation; null for the handler's own.</param>
/// <param name="Log">Where progress goes.</param>
internal sealed record ResourceContext(string Urn, TimeSpan? Timeout, IResourceLog Log)
{
    /// <summary>The stack's name, the first part of the URN.</summary>
    public string Stack => Urn.Split("::", 2)[0]["urn:pulumi:".Length..];

    /// <summary>The resource's name, the last part of the URN.</summary>
    public string Name => Urn[(Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..];

    /// <summary>The URN of the component around the resource, if that has the resource's name; null without a component. A URN says the types of both, and one name.</summary>
    public string? ParentOfTheSameName => Urn.LastIndexOf('$') is >= 0 and var end ? $"{Urn[..end]}::{Name}" : null;
}

/// <summary>A resource as the engine knows it.</summary>
internal sealed record ResourceState<TInputs, TOutputs>(string Id, TInputs Inputs, TOutputs Outputs);

/// <summary>A resource that exists now.</summary>
internal sealed record Created<TOutputs>(string Id, TOutputs Outputs);

/// <summary>A way in which the real thing differs from what the last deployment left.</summary>
/// <param name="Property">The input or output that tells the difference.</param>
/// <param name="Reason">What was found, for the log.</param>
/// <param name="Replaces">Whether the resource has to be made anew.</param>
internal sealed record Drift(string Property, string Reason, bool Replaces = false);

/// <summary>The outputs of a preview: what is known before anything is done.</summary>
internal sealed class Plan<TOutputs>
    where TOutputs : class
{
    private readonly Dictionary<string, object?> _known = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object?> Known => _known;

    /// <summary>Promises an output.</summary>
    /// <param name="member">The member of the outputs record.</param>
    /// <param name="value">Its value.</param>
    public Plan<TOutputs> Knows(string member, object? value)
    {
        _known[member] = value;
        return this;
    }
}

/// <summary>What a handler looks at in its Check, and where it reports what is wrong.</summary>
internal sealed class InputCheck<TInputs>(ResourceContext context, Bound<TInputs> inputs)
{
    private readonly List<PropertyFailure> _failures = [];
    private readonly Dictionary<string, object?> _computed = new(StringComparer.Ordinal);

    public ResourceContext Context { get; } = context;

    public Bound<TInputs> Inputs { get; } = inputs;

    public IReadOnlyList<PropertyFailure> Failures => _failures;

    public IReadOnlyDictionary<string, object?> Computed => _computed;

    /// <summary>Reports a property that cannot be used.</summary>
    public void Fail(string path, string reason) => _failures.Add(new PropertyFailure(path, reason));

    /// <summary>Fills an input that the plugin finds out itself.</summary>
    public void Compute(string member, object? value) => _computed[member] = value;
}

/// <summary>
/// An operation that left something behind and did not reach its end. The engine records the resource with its id and what is known of it, so
/// that the next run continues instead of beginning again.
/// </summary>
/// <param name="id">The id of what exists.</param>
/// <param name="outputs">The outputs known so far.</param>
/// <param name="reason">Why the end was not reached.</param>
internal sealed class PartialResourceException(string id, object outputs, Exception reason) : Exception(reason.Message, reason)
{
    public string Id { get; } = id;

    public object Outputs { get; } = outputs;
}
