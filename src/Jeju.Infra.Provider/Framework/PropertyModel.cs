using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Jeju.Infra.Core;

namespace Jeju.Infra.Provider.Framework;

/// <summary>The shapes a property can have on the wire.</summary>
internal enum PropertyShape
{
    Boolean,

    /// <summary>A whole number that a double holds exactly; larger ones are texts.</summary>
    Integer,

    Text,
    Object,
    List,
    Map,
}

/// <summary>A property of a resource, read once from its attribute and its CLR type.</summary>
internal sealed class PropertyModel
{
    private PropertyModel(PropertyInfo property, PropertyAttribute attribute)
    {
        Property = property;
        Attribute = attribute;
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        Type = new ValueModel(property.PropertyType);
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute), inherit: false);
    }

    public string Name { get; }

    public PropertyAttribute Attribute { get; }

    public ValueModel Type { get; }

    /// <summary>An input that the user must give; an output that is always there. It is a required member of the record.</summary>
    public bool IsRequired { get; }

    private PropertyInfo Property { get; }

    public object? Get(object record) => Property.GetValue(record);

    public void Set(object record, object? value) => Property.SetValue(record, value);

    public static PropertyModel? Of(PropertyInfo property) =>
        property.GetCustomAttribute<PropertyAttribute>() is { } attribute ? new PropertyModel(property, attribute) : null;
}

/// <summary>The type of a property's value: its shape, and for lists, maps and objects what is inside.</summary>
internal sealed class ValueModel
{
    private readonly Lazy<RecordModel>? _record;

    public ValueModel(Type declared)
    {
        ClrType = Nullable.GetUnderlyingType(declared) ?? declared;
        var definition = ClrType.IsGenericType ? ClrType.GetGenericTypeDefinition() : null;
        if (ClrType == typeof(bool))
        {
            Shape = PropertyShape.Boolean;
        }
        else if (ClrType == typeof(int) || ClrType == typeof(long))
        {
            Shape = PropertyShape.Integer;
        }
        else if (ClrType.IsEnum || TextForms.ContainsKey(ClrType))
        {
            Shape = PropertyShape.Text;
        }
        else if (definition == typeof(IReadOnlyList<>))
        {
            Shape = PropertyShape.List;
            Element = new ValueModel(ClrType.GetGenericArguments()[0]);
        }
        else if (definition == typeof(IReadOnlyDictionary<,>))
        {
            Shape = PropertyShape.Map;
            Element = new ValueModel(ClrType.GetGenericArguments()[1]);
        }
        else
        {
            Shape = PropertyShape.Object;
            _record = new Lazy<RecordModel>(() => RecordModel.Of(ClrType));
        }
    }

    public Type ClrType { get; }

    public PropertyShape Shape { get; }

    /// <summary>What a list or map holds.</summary>
    public ValueModel? Element { get; }

    /// <summary>The properties of an object.</summary>
    public RecordModel Record => _record?.Value ?? throw new InvalidOperationException($"{ClrType} has no properties of its own.");

    /// <summary>The texts that an enumeration allows; null for other types.</summary>
    public IReadOnlyList<string>? Choices => ClrType.IsEnum ? [.. Enum.GetNames(ClrType).Select(JsonNamingPolicy.CamelCase.ConvertName)] : null;

    /// <summary>Reads a text; null and what is expected instead when it does not fit.</summary>
    public object? ParseText(string text, out string expected)
    {
        expected = "";
        if (ClrType.IsEnum)
        {
            var name = Enum.GetNames(ClrType).FirstOrDefault(candidate => JsonNamingPolicy.CamelCase.ConvertName(candidate) == text);
            expected = $"use one of {string.Join(", ", Choices ?? [])}";
            return name is null ? null : Enum.Parse(ClrType, name);
        }

        var form = TextForms[ClrType];
        expected = form.Expected;
        return form.Parse(text);
    }

    /// <summary>Writes what <see cref="ParseText"/> reads.</summary>
    public static string FormatText(object value) =>
        value switch
        {
            Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString() ?? ""),
            Uri uri => uri.OriginalString,
            _ => value.ToString() ?? "",
        };

    private sealed record TextForm(Func<string, object?> Parse, string Expected);

    private static readonly Dictionary<Type, TextForm> TextForms = new()
    {
        [typeof(string)] = new(text => text, "write a text"),
        [typeof(Address)] = new(text => Address.TryParse(text, out var address) ? address : null, "write 0x and 40 hexadecimal digits"),
        [typeof(Bytes32)] = new(text => Bytes32.TryParse(text, out var value) ? value : null, "write 0x and 64 hexadecimal digits"),
        [typeof(TokenAmount)] = new(
            text => BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
                && units <= TokenAmount.Maximum ? new TokenAmount(units) : null,
            "write the amount in the token's smallest unit, in decimal digits"),
        [typeof(ChainId)] = new(
            text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
                ? new ChainId(id) : null,
            "write the chain's number, such as 31337"),
        [typeof(Uri)] = new(
            text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ws" or "wss" ? uri : null,
            "write an address such as http://127.0.0.1:8545"),
    };
}

/// <summary>The properties of a record.</summary>
internal sealed class RecordModel
{
    private static readonly ConcurrentDictionary<Type, RecordModel> Known = new();

    private RecordModel(Type type)
    {
        ClrType = type;
        Properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(PropertyModel.Of).OfType<PropertyModel>()];
        ByName = Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
    }

    public Type ClrType { get; }

    public IReadOnlyList<PropertyModel> Properties { get; }

    public IReadOnlyDictionary<string, PropertyModel> ByName { get; }

    public static RecordModel Of(Type type) => Known.GetOrAdd(type, static declared => new RecordModel(declared));

    public object Create() => Activator.CreateInstance(ClrType) ?? throw new InvalidOperationException($"{ClrType} cannot be created.");
}
