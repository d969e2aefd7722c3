namespace Pulumi;

/// <summary>A union as the serializer sees it.</summary>
internal interface IUnion
{
    object? Value { get; }
}

/// <summary>A value of one of two types.</summary>
public readonly struct Union<T0, T1> : IEquatable<Union<T0, T1>>, IUnion
{
    private readonly T0 value0;
    private readonly T1 value1;

    private Union(bool isT1, T0 value0, T1 value1)
    {
        IsT1 = isT1;
        this.value0 = value0;
        this.value1 = value1;
    }

    public bool IsT0 => !IsT1;

    public bool IsT1 { get; }

    public T0 AsT0 => IsT0 ? value0 : throw new InvalidOperationException($"The union holds a {typeof(T1)}, not a {typeof(T0)}.");

    public T1 AsT1 => IsT1 ? value1 : throw new InvalidOperationException($"The union holds a {typeof(T0)}, not a {typeof(T1)}.");

    public object Value => ((IUnion)this).Value!;

    object? IUnion.Value => IsT1 ? value1 : value0;

    public static Union<T0, T1> FromT0(T0 input) => new(isT1: false, input, default!);

    public static Union<T0, T1> FromT1(T1 input) => new(isT1: true, default!, input);

    public static implicit operator Union<T0, T1>(T0 t) => FromT0(t);

    public static implicit operator Union<T0, T1>(T1 t) => FromT1(t);

    public static bool operator ==(Union<T0, T1> left, Union<T0, T1> right) => left.Equals(right);

    public static bool operator !=(Union<T0, T1> left, Union<T0, T1> right) => !left.Equals(right);

    public TResult Match<TResult>(Func<T0, TResult> f0, Func<T1, TResult> f1) => IsT1 ? f1(value1) : f0(value0);

    public void Switch(Action<T0> f0, Action<T1> f1)
    {
        if (IsT1)
        {
            f1(value1);
        }
        else
        {
            f0(value0);
        }
    }

    public bool Equals(Union<T0, T1> other) => IsT1 == other.IsT1 && Equals(Value, other.Value);

    public override bool Equals(object? obj) => obj is Union<T0, T1> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(IsT1, Value);

    public override string ToString() => Value?.ToString() ?? string.Empty;
}

/// <summary>An argument of one of two types.</summary>
public sealed class InputUnion<T0, T1> : Input<Union<T0, T1>>
{
    public InputUnion()
        : this(Pulumi.Output.Create(default(Union<T0, T1>)))
    {
    }

    private InputUnion(Output<Union<T0, T1>> output)
        : base(output)
    {
    }

    public static implicit operator InputUnion<T0, T1>(T0 value) => new(Pulumi.Output.Create(Union<T0, T1>.FromT0(value)));

    public static implicit operator InputUnion<T0, T1>(T1 value) => new(Pulumi.Output.Create(Union<T0, T1>.FromT1(value)));

    public static implicit operator InputUnion<T0, T1>(Union<T0, T1> value) => new(Pulumi.Output.Create(value));

    public static implicit operator InputUnion<T0, T1>(Input<T0> value) => new(value.ToOutput().Apply(Union<T0, T1>.FromT0));

    public static implicit operator InputUnion<T0, T1>(Input<T1> value) => new(value.ToOutput().Apply(Union<T0, T1>.FromT1));

    public static implicit operator InputUnion<T0, T1>(Output<T0> value) => new(value.Apply(Union<T0, T1>.FromT0));

    public static implicit operator InputUnion<T0, T1>(Output<T1> value) => new(value.Apply(Union<T0, T1>.FromT1));

    public static implicit operator InputUnion<T0, T1>(Output<Union<T0, T1>> value) => new(value);
}
