using System.Collections.Immutable;

namespace Pulumi;

/// <summary>Arguments of a stack reference.</summary>
public class StackReferenceArgs : ResourceArgs
{
    [Input("name", required: true)]
    public Input<string>? Name { get; set; }
}

/// <summary>An output of another stack: in one of the two members.</summary>
public sealed class StackReferenceOutputDetails
{
    public object? Value { get; set; }

    public object? SecretValue { get; set; }
}

/// <summary>The outputs of another stack.</summary>
public class StackReference : CustomResource
{
    public StackReference(string name, StackReferenceArgs? args = null, CustomResourceOptions? options = null)
        : base("pulumi:pulumi:StackReference", name, new StackReferenceArgs { Name = args?.Name ?? name }, CustomResourceOptions.Merge(options, new() { Id = args?.Name ?? name }))
    {
    }

    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    [Output("outputs")]
    public Output<ImmutableDictionary<string, object>> Outputs { get; private set; } = null!;

    [Output("secretOutputNames")]
    public Output<ImmutableArray<string>> SecretOutputNames { get; private set; } = null!;

    public Output<object?> GetOutput(Input<string> name) => Find(name, (_, value) => value);

    public Output<object> RequireOutput(Input<string> name) => Find(name, (key, value) => value ?? throw Missing(key));

    public async Task<object?> GetValueAsync(Input<string> name)
    {
        var data = await GetOutput(name).DataTask.ConfigureAwait(false);
        return data.IsSecret ? throw new InvalidOperationException("The output is secret: use GetOutput, which keeps it so.") : data.Value;
    }

    public async Task<object> RequireValueAsync(Input<string> name) => await GetValueAsync(name).ConfigureAwait(false) ?? throw Missing("with this name");

    public async Task<StackReferenceOutputDetails> GetOutputDetailsAsync(string name)
    {
        var data = await GetOutput(name).DataTask.ConfigureAwait(false);
        return data.IsSecret ? new() { SecretValue = data.Value } : new() { Value = data.Value };
    }

    private KeyNotFoundException Missing(string key) => new($"The stack {GetResourceName()} has no output {key}.");

    private Output<T> Find<T>(Input<string> name, Func<string, object?, T> take)
    {
        var found = Output.Tuple(name.ToOutput(), Outputs).Apply(pair => take(pair.Item1, pair.Item2?.GetValueOrDefault(pair.Item1)));
        return new(MarkAsync());

        // All outputs arrive in one property: only those that the other stack calls secret are.
        async Task<OutputData<T>> MarkAsync()
        {
            var data = await found.DataTask.ConfigureAwait(false);
            var (key, names) = (await name.ToOutput().DataTask.ConfigureAwait(false), await SecretOutputNames.DataTask.ConfigureAwait(false));
            var known = names.IsKnown && !names.Value.IsDefault && key.IsKnown;
            return data with { IsSecret = known ? key.IsSecret || names.Value.Contains(key.Value) : data.IsSecret };
        }
    }
}
