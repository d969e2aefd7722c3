using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A map in an argument, whose values and whose whole may come later.</summary>
public sealed class InputMap<TValue> : Input<ImmutableDictionary<string, TValue>>, IEnumerable, IAsyncEnumerable<Input<KeyValuePair<string, TValue>>>
{
    private Output<ImmutableDictionary<string, Input<TValue>>> elements;
    private Output<ImmutableDictionary<string, TValue>>? flat;

    public InputMap()
        : this(Pulumi.Output.Create(ImmutableDictionary<string, Input<TValue>>.Empty))
    {
    }

    private InputMap(Output<ImmutableDictionary<string, Input<TValue>>> elements)
        : base(null!) => this.elements = elements;

    internal override Output<ImmutableDictionary<string, TValue>> Output => flat ??= elements.Apply(map =>
    {
        var keys = map.Keys.ToImmutableArray();
        return Pulumi.Output.All(keys.Select(key => map[key])).Apply(values => keys.Zip(values).ToImmutableDictionary(pair => pair.First, pair => pair.Second));
    });

    private protected override object Elements => elements;

    public Input<TValue> this[string key]
    {
        set => Add(key, value);
    }

    /// <summary>Adds a value. A key that has one already may only be given the same again; another value fails whoever asks for the map.</summary>
    public void Add(string key, Input<TValue> value) => Change(map => map.SetItem(key, map.TryGetValue(key, out var present) ? Same(key, present, value) : value));

    public void Add(InputMap<TValue> values) => AddRange(values);

    public void AddRange(InputMap<TValue> values)
    {
        elements = Pulumi.Output.Tuple(elements, values.elements).Apply(maps => maps.Item1.AddRange(maps.Item2));
        flat = null;
    }

    public static InputMap<TValue> Merge(InputMap<TValue> first, InputMap<TValue> second) =>
        new(Pulumi.Output.Tuple(first.elements, second.elements).Apply(maps => maps.Item1.SetItems(maps.Item2)));

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException("An InputMap cannot be walked through: its values come later. Use .ToOutput().Apply(map => ...).");

    public async IAsyncEnumerator<Input<KeyValuePair<string, TValue>>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        foreach (var (key, value) in (await elements.DataTask.WaitAsync(cancellationToken).ConfigureAwait(false)).Value)
        {
            yield return value.ToOutput().Apply(known => KeyValuePair.Create(key, known));
        }
    }

    public static implicit operator InputMap<TValue>(Dictionary<string, TValue> values) => FromValues(values);

    public static implicit operator InputMap<TValue>(ImmutableDictionary<string, TValue> values) => FromValues(values);

    public static implicit operator InputMap<TValue>(Output<Dictionary<string, TValue>> values) => new(values.Apply(ToInputs));

    public static implicit operator InputMap<TValue>(Output<IDictionary<string, TValue>> values) => new(values.Apply(ToInputs));

    public static implicit operator InputMap<TValue>(Output<ImmutableDictionary<string, TValue>> values) => new(values.Apply(ToInputs));

    private static InputMap<TValue> FromValues(IEnumerable<KeyValuePair<string, TValue>> values) => new(Pulumi.Output.Create(ToInputs(values)));

    private static ImmutableDictionary<string, Input<TValue>> ToInputs(IEnumerable<KeyValuePair<string, TValue>> values) =>
        values.ToImmutableDictionary(pair => pair.Key, pair => (Input<TValue>)pair.Value);

    private static Input<TValue> Same(string key, Input<TValue> present, Input<TValue> value) =>
        Pulumi.Output.Tuple(present, value).Apply(both => EqualityComparer<TValue>.Default.Equals(both.Item1, both.Item2)
            ? both.Item1
            : throw new ArgumentException($"The map has another value of '{key}' already."));

    private void Change(Func<ImmutableDictionary<string, Input<TValue>>, ImmutableDictionary<string, Input<TValue>>> change)
    {
        elements = elements.Apply(change);
        flat = null;
    }
}

/// <summary>Adds values to a map of unions.</summary>
public static class InputMapExtensions
{
    public static void Add<T0, T1>(this InputMap<Union<T0, T1>> map, string key, Input<T0> value) => map.Add(key, value.ToOutput().Apply(Union<T0, T1>.FromT0));

    public static void Add<T0, T1>(this InputMap<Union<T0, T1>> map, string key, Input<T1> value) => map.Add(key, value.ToOutput().Apply(Union<T0, T1>.FromT1));
}
