using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A list in an argument, whose elements and whose whole may come later.</summary>
public sealed class InputList<T> : Input<ImmutableArray<T>>, IEnumerable, IAsyncEnumerable<Input<T>>
{
    private Output<ImmutableArray<Input<T>>> elements;
    private Output<ImmutableArray<T>>? flat;

    public InputList()
        : this(Pulumi.Output.Create(ImmutableArray<Input<T>>.Empty))
    {
    }

    private InputList(Output<ImmutableArray<Input<T>>> elements)
        : base(null!) => this.elements = elements;

    internal override Output<ImmutableArray<T>> Output => flat ??= elements.Apply(list => Pulumi.Output.All(list.AsEnumerable()));

    private protected override object Elements => elements;

    public void Add(params Input<T>[] inputs) => Append(Pulumi.Output.Create(inputs.ToImmutableArray()));

    public void Add(InputList<T> inputs) => AddRange(inputs);

    public void AddRange(InputList<T> inputs) => Append(inputs.elements);

    public InputList<T> Concat(InputList<T> other) => new(Join(elements, other.elements));

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException("An InputList cannot be walked through: its elements come later. Use .ToOutput().Apply(list => ...).");

    public async IAsyncEnumerator<Input<T>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        foreach (var element in (await elements.DataTask.WaitAsync(cancellationToken).ConfigureAwait(false)).Value)
        {
            yield return element;
        }
    }

    public static implicit operator InputList<T>(T value) => FromInputs([value]);

    public static implicit operator InputList<T>(T[] values) => FromValues(values);

    public static implicit operator InputList<T>(List<T> values) => FromValues(values);

    public static implicit operator InputList<T>(ImmutableArray<T> values) => FromValues(values);

    public static implicit operator InputList<T>(Input<T> value) => FromInputs([value]);

    public static implicit operator InputList<T>(Input<T>[] values) => FromInputs(values);

    public static implicit operator InputList<T>(List<Input<T>> values) => FromInputs(values);

    public static implicit operator InputList<T>(ImmutableArray<Input<T>> values) => FromInputs(values);

    public static implicit operator InputList<T>(Output<T> value) => FromInputs([value]);

    public static implicit operator InputList<T>(Output<T>[] values) => FromOutputs(values);

    public static implicit operator InputList<T>(List<Output<T>> values) => FromOutputs(values);

    public static implicit operator InputList<T>(ImmutableArray<Output<T>> values) => FromOutputs(values);

    public static implicit operator InputList<T>(Output<T[]> values) => FromLater(values);

    public static implicit operator InputList<T>(Output<List<T>> values) => FromLater(values);

    public static implicit operator InputList<T>(Output<IEnumerable<T>> values) => FromLater(values);

    public static implicit operator InputList<T>(Output<ImmutableArray<T>> values) =>
        new(values.Apply(list => list.IsDefault ? [] : list.Select(element => (Input<T>)element).ToImmutableArray()));

    private static InputList<T> FromValues(IEnumerable<T> values) => FromInputs(values.Select(value => (Input<T>)value));

    private static InputList<T> FromOutputs(IEnumerable<Output<T>> values) => FromInputs(values.Select(value => (Input<T>)value));

    private static InputList<T> FromInputs(IEnumerable<Input<T>> values) => new(Pulumi.Output.Create(values.ToImmutableArray()));

    private static InputList<T> FromLater<TList>(Output<TList> values)
        where TList : IEnumerable<T> =>
        new(values.Apply(list => list.Select(element => (Input<T>)element).ToImmutableArray()));

    private void Append(Output<ImmutableArray<Input<T>>> more)
    {
        elements = Join(elements, more);
        flat = null;
    }

    private static Output<ImmutableArray<Input<T>>> Join(Output<ImmutableArray<Input<T>>> first, Output<ImmutableArray<Input<T>>> second) =>
        Pulumi.Output.Tuple(first, second).Apply(lists => lists.Item1.AddRange(lists.Item2));
}

/// <summary>Adds elements to a list of unions.</summary>
public static class InputListExtensions
{
    public static void Add<T0, T1>(this InputList<Union<T0, T1>> list, Input<T0> value) => list.Add(value.ToOutput().Apply(Union<T0, T1>.FromT0));

    public static void Add<T0, T1>(this InputList<Union<T0, T1>> list, Input<T1> value) => list.Add(value.ToOutput().Apply(Union<T0, T1>.FromT1));
}
