using System.Collections;
using System.Globalization;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Provider.Framework;

/// <summary>A property that does not fit, and what to write instead.</summary>
/// <param name="Path">The property, with the path inside it.</param>
/// <param name="Reason">The problem and its fix.</param>
internal sealed record PropertyFailure(string Path, string Reason);

/// <summary>A record read from a property bag.</summary>
/// <param name="Values">The record; members whose value is unknown have their CLR default.</param>
/// <param name="Unknown">Paths of the values that are unknown, as they are in a preview.</param>
/// <param name="Failures">What does not fit.</param>
internal sealed record Bound<TRecord>(TRecord Values, IReadOnlySet<string> Unknown, IReadOnlyList<PropertyFailure> Failures)
{
    public bool IsFullyKnown => Unknown.Count == 0;

    /// <summary>Whether a top-level property and everything in it is known.</summary>
    /// <param name="member">The member's name in the record.</param>
    public bool Knows(string member)
    {
        var name = PropertyBinder.WireName(member);
        return !Unknown.Any(path => path == name || path.StartsWith(name + ".", StringComparison.Ordinal) || path.StartsWith(name + "[", StringComparison.Ordinal));
    }
}

/// <summary>Translates between property bags and the records that handlers work with.</summary>
internal static class PropertyBinder
{
    public static string WireName(string member) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member);

    /// <summary>Reads a record. Every problem is reported; unknown values are collected.</summary>
    public static Bound<TRecord> Bind<TRecord>(PropertyMap map)
        where TRecord : class
    {
        var reading = new Reading();
        var values = (TRecord)reading.Record(RecordModel.Of(typeof(TRecord)), map, "");
        return new Bound<TRecord>(values, reading.Unknown, reading.Failures);
    }

    /// <summary>Reads a record that this plugin has written itself; properties that a former version did not write keep their defaults.</summary>
    public static TRecord Restore<TRecord>(PropertyMap map)
        where TRecord : class => (TRecord)new Reading().Record(RecordModel.Of(typeof(TRecord)), map, "");

    /// <summary>Writes a record; null members are left out, secret ones are wrapped.</summary>
    public static PropertyMap Encode(object record)
    {
        var model = RecordModel.Of(record.GetType());
        return PropertyMap.From(model.Properties
            .Select(property => (property, value: property.Get(record)))
            .Where(pair => pair.value is not null)
            .Select(pair => KeyValuePair.Create(pair.property.Name, EncodeProperty(pair.property, pair.value))));
    }

    /// <summary>A resource's outputs on the wire: its inputs, and what it adds.</summary>
    public static PropertyMap Merge(PropertyMap inputs, object outputs) => PropertyMap.From(inputs.Concat(Encode(outputs)));

    public static PropertyValue EncodeProperty(PropertyModel property, object? value)
    {
        var encoded = EncodeValue(property.Type, value);
        return property.Attribute.Secret && !encoded.IsNull ? new PropertySecret(encoded) : encoded;
    }

    /// <summary>Fills in defaults and wraps secrets, in the whole tree.</summary>
    public static PropertyMap Complete(RecordModel model, PropertyMap map)
    {
        foreach (var property in model.Properties)
        {
            var value = map.Find(property.Name);
            if (value is null or PropertyNull)
            {
                map = property.Attribute.Default is { } text ? map.With(property.Name, DefaultValue(property.Type, text)) : map.Without(property.Name);
            }
            else
            {
                var completed = CompleteValue(property.Type, value);
                map = map.With(property.Name, property.Attribute.Secret && completed is not (PropertySecret or PropertyUnknown) ? new PropertySecret(completed) : completed);
            }
        }

        return map;
    }

    /// <summary>The value behind secret and output marks.</summary>
    public static PropertyValue Unwrap(PropertyValue value) => value switch
    {
        PropertySecret secret => Unwrap(secret.Value),
        PropertyOutput output => Unwrap(output.Lower()),
        _ => value,
    };

    public static PropertyValue DefaultValue(ValueModel type, string text) => type.Shape switch
    {
        PropertyShape.Boolean => bool.Parse(text),
        PropertyShape.Integer => double.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        PropertyShape.List when text == "[]" => PropertyList.From([]),
        PropertyShape.Map when text == "{}" => PropertyMap.Empty,
        PropertyShape.Object when text == "{}" => Complete(type.Record, PropertyMap.Empty),
        PropertyShape.Text => text,
        _ => throw new InvalidOperationException($"'{text}' is no default for {type.ClrType}."),
    };

    private static PropertyValue CompleteValue(ValueModel type, PropertyValue value) => (type.Shape, value) switch
    {
        (PropertyShape.Object, PropertyMap map) => Complete(type.Record, map),
        (PropertyShape.List, PropertyList list) when type.Element is { } element => PropertyList.From(list.Select(item => CompleteValue(element, item))),
        (PropertyShape.Map, PropertyMap map) when type.Element is { } element => map.Select((_, item) => CompleteValue(element, item)),
        (_, PropertySecret secret) => new PropertySecret(CompleteValue(type, secret.Value)),
        (_, PropertyOutput output) => CompleteValue(type, output.Lower()),
        _ => value,
    };

    private static PropertyValue EncodeValue(ValueModel type, object? value) => (type.Shape, value) switch
    {
        (_, null) => PropertyValue.Null,
        (PropertyShape.Boolean, bool flag) => flag,
        (PropertyShape.Integer, _) => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        (PropertyShape.Text, _) => ValueModel.FormatText(value),
        (PropertyShape.List, IEnumerable items) when type.Element is { } element =>
            PropertyList.From(items.Cast<object?>().Select(item => EncodeValue(element, item))),
        (PropertyShape.Map, IEnumerable entries) when type.Element is { } element => PropertyMap.From(EncodeEntries(element, entries)),
        _ => Encode(value),
    };

    private static IEnumerable<KeyValuePair<string, PropertyValue>> EncodeEntries(ValueModel element, IEnumerable entries)
    {
        foreach (var entry in entries)
        {
            var type = entry.GetType();
            var key = (string?)type.GetProperty("Key")?.GetValue(entry) ?? "";
            yield return KeyValuePair.Create(key, EncodeValue(element, type.GetProperty("Value")?.GetValue(entry)));
        }
    }

    /// <summary>One pass over a bag, with what it found.</summary>
    private sealed class Reading
    {
        public HashSet<string> Unknown { get; } = new(StringComparer.Ordinal);

        public List<PropertyFailure> Failures { get; } = [];

        public object Record(RecordModel model, PropertyMap map, string path)
        {
            var record = model.Create();
            foreach (var property in model.Properties)
            {
                var propertyPath = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                var raw = Unwrap(map.Find(property.Name) ?? PropertyValue.Null);
                if (raw.IsNull)
                {
                    if (property.IsRequired)
                    {
                        Failures.Add(new(propertyPath, $"is missing: {property.Attribute.Description}"));
                    }

                    continue;
                }

                if (Value(property.Type, property.Attribute, raw, propertyPath) is { } value)
                {
                    property.Set(record, value);
                }
            }

            return record;
        }

        private object? Value(ValueModel type, PropertyAttribute rule, PropertyValue raw, string path)
        {
            raw = Unwrap(raw);
            if (raw is PropertyUnknown)
            {
                Unknown.Add(path);
                return null;
            }

            return (type.Shape, raw) switch
            {
                (PropertyShape.Boolean, PropertyBoolean boolean) => boolean.Value,
                (PropertyShape.Integer, PropertyNumber number) => Integer(type, rule, number.Value, path),
                (PropertyShape.Text, PropertyString text) => Text(type, rule, text.Value, path),
                (PropertyShape.List, PropertyList list) when type.Element is { } element => List(element, rule, list, path),
                (PropertyShape.Map, PropertyMap map) when type.Element is { } element => Map(element, rule, map, path),
                (PropertyShape.Object, PropertyMap map) => Record(type.Record, map, path),
                _ => Fail(path, $"has the wrong type: {Expected(type)}"),
            };
        }

        private object? Integer(ValueModel type, PropertyAttribute rule, double number, string path)
        {
            if (number != Math.Truncate(number) || Math.Abs(number) > (type.ClrType == typeof(int) ? int.MaxValue : (double)(1L << 53)))
            {
                return Fail(path, "is not a whole number");
            }

            if (number < rule.Minimum || number > rule.Maximum)
            {
                return Fail(path, string.Create(CultureInfo.InvariantCulture, $"is {number}: write a number from {rule.Minimum} to {rule.Maximum}"));
            }

            if (type.ClrType == typeof(int))
            {
                return (int)number;
            }

            return (long)number;
        }

        private object? Text(ValueModel type, PropertyAttribute rule, string text, string path)
        {
            var value = type.ParseText(text, out var expected);
            var shown = rule.Secret ? "the value" : $"'{text}'";
            if (value is null)
            {
                return Fail(path, $"{shown} is not allowed: {expected}");
            }

            return rule.Allowed.Length > 0 && !rule.Allowed.Contains(text, StringComparer.Ordinal)
                ? Fail(path, $"{shown} is not allowed: use one of {string.Join(", ", rule.Allowed)}")
                : value;
        }

        private object List(ValueModel element, PropertyAttribute rule, PropertyList list, string path)
        {
            var items = (IList)(Activator.CreateInstance(typeof(List<>).MakeGenericType(element.ClrType)) ?? throw new InvalidOperationException(path));
            for (var index = 0; index < list.Count; index++)
            {
                if (Value(element, rule, list[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")) is { } item)
                {
                    items.Add(item);
                }
            }

            return items;
        }

        private object Map(ValueModel element, PropertyAttribute rule, PropertyMap map, string path)
        {
            var entries = (IDictionary)(Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element.ClrType))
                ?? throw new InvalidOperationException(path));
            foreach (var (key, raw) in map)
            {
                if (Value(element, rule, raw, $"{path}.{key}") is { } value)
                {
                    entries.Add(key, value);
                }
            }

            return entries;
        }

        private object? Fail(string path, string reason)
        {
            Failures.Add(new(path, reason));
            return null;
        }

        private static string Expected(ValueModel type) => type.Shape switch
        {
            PropertyShape.Boolean => "write true or false",
            PropertyShape.Integer => "write a whole number",
            PropertyShape.List => "write a list",
            PropertyShape.Map or PropertyShape.Object => "write an object",
            _ => "write a text",
        };
    }
}
