using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Jeju.Infra.Protocol.Properties;

/// <summary>An immutable list that is compared by its items.</summary>
[CollectionBuilder(typeof(EquatableList), nameof(EquatableList.Create))]
public sealed class EquatableList<TItem> : IReadOnlyList<TItem>, IEquatable<EquatableList<TItem>>
{
    private readonly ImmutableArray<TItem> _items;

    internal EquatableList(ImmutableArray<TItem> items) => _items = items;

    /// <summary>The list without items.</summary>
    public static EquatableList<TItem> Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public TItem this[int index] => _items[index];

    /// <inheritdoc/>
    public bool Equals(EquatableList<TItem>? other) => other is not null && _items.SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EquatableList<TItem>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<TItem> GetEnumerator() => ((IEnumerable<TItem>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", _items)}]";
}

/// <summary>Makes lists that are compared by their items.</summary>
public static class EquatableList
{
    /// <summary>A list of the given items; also what a collection expression calls.</summary>
    public static EquatableList<TItem> Create<TItem>(ReadOnlySpan<TItem> items) =>
        items.IsEmpty ? EquatableList<TItem>.Empty : new EquatableList<TItem>([.. items]);

    /// <summary>A list of the given items.</summary>
    public static EquatableList<TItem> ToEquatableList<TItem>(this IEnumerable<TItem> items) => new([.. items]);
}
