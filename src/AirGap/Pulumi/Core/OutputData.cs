using System.Collections.Immutable;

namespace Pulumi;

/// <summary>What is known of an output once its task has ended.</summary>
internal readonly record struct OutputData<T>(ImmutableHashSet<Resource> Resources, T Value, bool IsKnown, bool IsSecret)
{
    public static OutputData<T> Plain(T value) => new([], value, IsKnown: true, IsSecret: false);

    public OutputData<object?> Untyped() => new(Resources, Value, IsKnown, IsSecret);
}

/// <summary>An output whose type is not known to the one that looks at it.</summary>
internal interface IOutput
{
    Task<OutputData<object?>> GetDataAsync();
}

/// <summary>An input. The value is an output; of lists and maps it keeps the elements apart, so that one unknown or secret element does not mark the others.</summary>
internal interface IInput
{
    object? Value { get; }
}
