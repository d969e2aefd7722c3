using System.Globalization;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Deployments;

/// <summary>A path into properties, in Pulumi's notation: <c>spec.ports[0]["a.b"]</c>; <c>*</c> stands for any name or index.</summary>
internal sealed class PropertyPath
{
    /// <summary>Names are strings, indexes are integers.</summary>
    private readonly IReadOnlyList<object> _segments;

    private PropertyPath(IReadOnlyList<object> segments) => _segments = segments;

    public static PropertyPath Parse(string text)
    {
        var segments = new List<object>();
        var index = 0;
        while (index < text.Length)
        {
            if (text[index] == '.')
            {
                index++;
            }
            else if (text[index] == '[')
            {
                var end = text.IndexOf(']', index);
                if (index + 1 < text.Length && text[index + 1] == '"')
                {
                    end = text.IndexOf("\"]", index + 2, StringComparison.Ordinal) + 1;
                }

                if (end <= index)
                {
                    throw new FormatException($"'{text}' is no property path.");
                }

                var inner = text[(index + 1)..end];
                segments.Add(inner.StartsWith('"')
                    ? inner[1..^1]
                    : int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : inner);
                index = end + 1;
            }
            else
            {
                var end = text.AsSpan(index).IndexOfAny('.', '[');
                end = end < 0 ? text.Length : index + end;
                segments.Add(text[index..end]);
                index = end;
            }
        }

        return new PropertyPath(segments);
    }

    /// <summary>A path with one more name.</summary>
    public static string Append(string path, string name)
    {
        var isPlain = name.Length > 0 && name.AsSpan().IndexOfAny("[].\"* ") < 0;
        return isPlain ? (path.Length == 0 ? name : $"{path}.{name}") : $"{path}[\"{name}\"]";
    }

    /// <summary>A path with one more index.</summary>
    public static string Append(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>The first name of a path.</summary>
    public string Root => _segments.Count > 0 && _segments[0] is string name ? name : "";

    /// <summary>The value at the path; null where there is none.</summary>
    public PropertyValue? Find(PropertyValue root)
    {
        PropertyValue? current = root;
        foreach (var segment in _segments)
        {
            current = (Unwrap(current), segment) switch
            {
                (PropertyMap map, string name) => map.Find(name),
                (PropertyMap map, int number) => map.Find(number.ToString(CultureInfo.InvariantCulture)),
                (PropertyList list, int position) when position < list.Count => list[position],
                _ => null,
            };
            if (current is null)
            {
                return null;
            }
        }

        return current;
    }

    /// <summary>Whether the other path is this one or lies below it.</summary>
    public bool Covers(PropertyPath other)
    {
        if (other._segments.Count < _segments.Count)
        {
            return false;
        }

        return _segments.Zip(other._segments).All(pair => pair.First is "*" || pair.First.ToString() == pair.Second.ToString());
    }

    /// <summary>A value in which everything at this path is as in another value, where that has the same shape.</summary>
    public PropertyValue TakeFrom(PropertyValue source, PropertyValue target) => TakeFrom(source, target, 0) ?? target;

    private PropertyValue? TakeFrom(PropertyValue? source, PropertyValue? target, int depth)
    {
        if (depth == _segments.Count)
        {
            return source;
        }

        var segment = _segments[depth];
        if (Unwrap(target) is PropertyMap map && Unwrap(source) is PropertyMap oldMap && segment is string name)
        {
            IEnumerable<string> names = name == "*" ? map.Keys.Union(oldMap.Keys, StringComparer.Ordinal) : [name];
            foreach (var key in names)
            {
                map = TakeFrom(oldMap.Find(key), map.Find(key), depth + 1) is { } value ? map.With(key, value) : map.Without(key);
            }

            return Rewrap(target!, map);
        }

        if (Unwrap(target) is PropertyList list && Unwrap(source) is PropertyList oldList)
        {
            // Elements that were added or removed cannot be ignored: there is nothing to take.
            var items = list.Select((item, index) => (segment is "*" || segment is int position && position == index) && index < oldList.Count
                ? TakeFrom(oldList[index], item, depth + 1) ?? item
                : item);
            return Rewrap(target!, PropertyList.From(items));
        }

        return target;
    }

    private static PropertyValue? Unwrap(PropertyValue? value) => value is PropertySecret secret ? secret.Value : value;

    private static PropertyValue Rewrap(PropertyValue like, PropertyValue value) => like is PropertySecret ? new PropertySecret(value) : value;
}
