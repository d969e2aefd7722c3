using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Jeju.Infra.Protocol.Properties;

/// <summary>A list of values.</summary>
[CollectionBuilder(typeof(PropertyList), nameof(Create))]
public sealed record PropertyList : PropertyValue, IReadOnlyList<PropertyValue>
{
    private readonly ImmutableArray<PropertyValue> _items;

    private PropertyList(ImmutableArray<PropertyValue> items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public PropertyValue this[int index] => _items[index];

    /// <summary>A list of the given values; also what a collection expression calls.</summary>
    public static PropertyList Create(ReadOnlySpan<PropertyValue> items) => new(ImmutableArray.Create(items));

    /// <summary>A list of the given values.</summary>
    public static PropertyList From(IEnumerable<PropertyValue> items) => new(ImmutableArray.CreateRange(items));

    /// <inheritdoc/>
    public bool Equals(PropertyList? other) => other is not null && _items.SequenceEqual(other._items);

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
    public IEnumerator<PropertyValue> GetEnumerator() => ((IEnumerable<PropertyValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", _items)}]";
}

/// <summary>Values by name, in the order of the names (ordinal). A resource's inputs and outputs are one.</summary>
public sealed record PropertyMap : PropertyValue, IReadOnlyDictionary<string, PropertyValue>
{
    private readonly ImmutableArray<KeyValuePair<string, PropertyValue>> _entries;

    private PropertyMap(ImmutableArray<KeyValuePair<string, PropertyValue>> entries) => _entries = entries;

    /// <summary>The map without entries.</summary>
    public static PropertyMap Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Select(static entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<PropertyValue> Values => _entries.Select(static entry => entry.Value);

    /// <inheritdoc/>
    public PropertyValue this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no property '{key}'.");

    /// <summary>A map of the given entries. Of two with the same name the later counts.</summary>
    public static PropertyMap From(IEnumerable<KeyValuePair<string, PropertyValue>> entries)
    {
        var sorted = new SortedDictionary<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            sorted[key] = value;
        }

        return sorted.Count == 0 ? Empty : new PropertyMap([.. sorted]);
    }

    /// <summary>A map of the given entries.</summary>
    public static PropertyMap Of(params ReadOnlySpan<(string Key, PropertyValue Value)> entries)
    {
        var pairs = new List<KeyValuePair<string, PropertyValue>>(entries.Length);
        foreach (var (key, value) in entries)
        {
            pairs.Add(KeyValuePair.Create(key, value));
        }

        return From(pairs);
    }

    /// <summary>The value of a name, or null where there is none.</summary>
    public PropertyValue? Find(string key) => TryGetValue(key, out var value) ? value : null;

    /// <summary>This map with one entry set.</summary>
    public PropertyMap With(string key, PropertyValue value) => From(_entries.Append(KeyValuePair.Create(key, value)));

    /// <summary>This map without one name.</summary>
    public PropertyMap Without(string key) => ContainsKey(key) ? From(_entries.Where(entry => entry.Key != key)) : this;

    /// <summary>A map with the same names and other values.</summary>
    public PropertyMap Select(Func<string, PropertyValue, PropertyValue> change) =>
        new([.. _entries.Select(entry => KeyValuePair.Create(entry.Key, change(entry.Key, entry.Value)))]);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out PropertyValue value)
    {
        var index = IndexOf(key);
        value = index >= 0 ? _entries[index].Value : null;
        return index >= 0;
    }

    /// <inheritdoc/>
    public bool Equals(PropertyMap? other) =>
        ReferenceEquals(this, other) || (other is not null && HasSameEntries(other));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in _entries)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, PropertyValue>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, PropertyValue>>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", _entries.Select(entry => $"{entry.Key}: {entry.Value}"))}}}";

    private bool HasSameEntries(PropertyMap other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        for (var index = 0; index < Count; index++)
        {
            if (_entries[index].Key != other._entries[index].Key || !_entries[index].Value.Equals(other._entries[index].Value))
            {
                return false;
            }
        }

        return true;
    }

    private int IndexOf(string key)
    {
        int low = 0, high = _entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_entries[middle].Key, key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
