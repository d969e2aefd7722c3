using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A value of an argument: given now, or an output.</summary>
public class Input<T> : IInput
{
    private readonly Output<T> output;

    private protected Input(Output<T> output) => this.output = output;

    internal virtual Output<T> Output => output;

    object? IInput.Value => Elements;

    /// <summary>The same value, with the elements of a list or map apart.</summary>
    private protected virtual object Elements => Output;

    public static implicit operator Input<T>(T value) => new(Pulumi.Output.Create(value));

    public static implicit operator Input<T>(Output<T> value) => new(value);

    public static implicit operator Output<T>(Input<T> input) => input.Output;
}

/// <summary>What can be done with an input.</summary>
public static class InputExtensions
{
    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, TResult> func) => input.ToOutput().Apply(func);

    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, Task<TResult>> func) => input.ToOutput().Apply(func);

    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, Input<TResult>?> func) => input.ToOutput().Apply(func);

    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, Output<TResult>?> func) => input.ToOutput().Apply(func);

    public static Output<T> ToOutput<T>(this Input<T>? input) => input is null ? Output.Create<T>(default(T)!) : input.Output;
}
