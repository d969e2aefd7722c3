using System.Collections.Immutable;
using System.Text.Json;

namespace Pulumi;

/// <summary>Makes and combines outputs.</summary>
public static partial class Output
{
    public static Output<T> Create<T>(T value) => Create(Task.FromResult(value));

    public static Output<T> Create<T>(Task<T> value) => Output<T>.Create(value);

    public static Output<T> CreateSecret<T>(T value) => CreateSecret(Task.FromResult(value));

    public static Output<T> CreateSecret<T>(Task<T> value) => new(Output<T>.FromTaskAsync(value, isSecret: true));

    public static Output<T> CreateSecret<T>(Output<T> value) => new(WithSecretAsync(value, isSecret: true));

    public static Output<T> Unsecret<T>(Output<T> output) => new(WithSecretAsync(output, isSecret: false));

    public static async Task<bool> IsSecretAsync<T>(Output<T> output) => (await output.DataTask.ConfigureAwait(false)).IsSecret;

    public static Output<ImmutableArray<T>> All<T>(params Input<T>[] inputs) => All(inputs.AsEnumerable());

    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Input<T>> inputs) => new(AllAsync([.. inputs.Select(input => input.ToOutput())]));

    public static Output<ImmutableArray<T>> All<T>(params Output<T>[] outputs) => All(outputs.AsEnumerable());

    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Output<T>> outputs) => new(AllAsync([.. outputs]));

    public static Output<string> Format(FormattableString formattableString)
    {
        var arguments = formattableString.GetArguments().Select(argument => argument switch
        {
            IInput { Value: IOutput output } => new Output<object?>(output.GetDataAsync()),
            IOutput output => new Output<object?>(output.GetDataAsync()),
            _ => Create(argument),
        });
        return All(arguments).Apply(values => string.Format(formattableString.Format, [.. values]));
    }

    public static Output<string> JsonSerialize<T>(Output<T> value, JsonSerializerOptions? options = null) =>
        new(JsonOutputConverterFactory.SerializeAsync(value, options));

    public static Output<T?> JsonDeserialize<T>(Output<string> json, JsonSerializerOptions? options = null) =>
        json.Apply(text => JsonSerializer.Deserialize<T>(text, options));

    private static async Task<OutputData<T>> WithSecretAsync<T>(Output<T> output, bool isSecret) =>
        await output.DataTask.ConfigureAwait(false) with { IsSecret = isSecret };

    private static async Task<OutputData<ImmutableArray<T>>> AllAsync<T>(ImmutableArray<Output<T>> outputs)
    {
        var all = await Task.WhenAll(outputs.Select(output => output.DataTask)).ConfigureAwait(false);
        return new([.. all.SelectMany(data => data.Resources)], [.. all.Select(data => data.Value)], all.All(data => data.IsKnown), all.Any(data => data.IsSecret));
    }

    internal static Output<T> Unknown<T>(T value) => new(Task.FromResult(new OutputData<T>([], value, IsKnown: false, IsSecret: false)));

    internal static async Task<OutputData<(T1, T2)>> PairAsync<T1, T2>(Output<T1> first, Output<T2> second)
    {
        // Both are awaited together, so that a failure of either is seen even when the other one never ends.
        await Task.WhenAll(first.DataTask, second.DataTask).ConfigureAwait(false);
        var (one, two) = (await first.DataTask.ConfigureAwait(false), await second.DataTask.ConfigureAwait(false));
        return new(one.Resources.Union(two.Resources), (one.Value, two.Value), one.IsKnown && two.IsKnown, one.IsSecret || two.IsSecret);
    }
}

/// <summary>A value that comes later, with what it depends on and whether it is known and secret.</summary>
public sealed class Output<T> : IOutput
{
    internal Output(Task<OutputData<T>> dataTask)
    {
        DataTask = dataTask;
        // The run waits for every output, so that a failing callback fails the run and nothing is left hanging.
        Deployment.Current?.Tasks.Register(dataTask);
    }

    internal Task<OutputData<T>> DataTask { get; }

    public static Output<T> Create(Task<T> value) => new(FromTaskAsync(value, isSecret: false));

    public Output<TResult> Apply<TResult>(Func<T, TResult> func) =>
        Chain(value => Task.FromResult(OutputData<TResult>.Plain(func(value))));

    public Output<TResult> Apply<TResult>(Func<T, Task<TResult>> func) =>
        Chain(async value => OutputData<TResult>.Plain(await func(value).ConfigureAwait(false)));

    public Output<ValueTuple> Apply(Func<T, Task> func) =>
        Chain(async value =>
        {
            await func(value).ConfigureAwait(false);
            return OutputData<ValueTuple>.Plain(default);
        });

    public Output<TResult> Apply<TResult>(Func<T, Input<TResult>?> func) => Chain(value => func(value).ToOutput().DataTask);

    public Output<TResult> Apply<TResult>(Func<T, Output<TResult>?> func) =>
        Chain(value => func(value)?.DataTask ?? Task.FromResult(OutputData<TResult>.Plain(default!)));

    /// <summary>A text that says how to get at the value, which is almost certainly what was meant; the one who runs the program is warned.</summary>
    public override string ToString()
    {
        const string Advice = "An Output has no text of its own: its value comes later. Use .Apply(value => ...) or Output.Format($\"...\") to make text from it.";
        if (Environment.GetEnvironmentVariable("PULUMI_ERROR_OUTPUT_STRING") is { } setting && (setting == "1" || bool.TryParse(setting, out var isError) && isError))
        {
            throw new InvalidOperationException(Advice);
        }
        Log.Warn(Advice);
        return Advice;
    }

    async Task<OutputData<object?>> IOutput.GetDataAsync() => (await DataTask.ConfigureAwait(false)).Untyped();

    internal static async Task<OutputData<T>> FromTaskAsync(Task<T> value, bool isSecret) =>
        new([], await value.ConfigureAwait(false), IsKnown: true, isSecret);

    private Output<TResult> Chain<TResult>(Func<T, Task<OutputData<TResult>>> func) => new(ChainAsync(func));

    private async Task<OutputData<TResult>> ChainAsync<TResult>(Func<T, Task<OutputData<TResult>>> func)
    {
        var source = await DataTask.ConfigureAwait(false);
        // A value that the engine does not know yet is never shown to the callback.
        if (!source.IsKnown)
        {
            return new(source.Resources, default!, IsKnown: false, source.IsSecret);
        }
        var result = await func(source.Value).ConfigureAwait(false);
        return new(source.Resources.Union(result.Resources), result.Value, result.IsKnown, source.IsSecret || result.IsSecret);
    }
}
