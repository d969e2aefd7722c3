using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Jeju.Infra.Protocol.Properties;

namespace Pulumi;

/// <summary>Turns a plain value from the wire into the type that a program declares for it.</summary>
internal static class PropertyConverter
{
    private static readonly ConcurrentDictionary<Type, Func<string, PropertyValue, object?>> Converters = new();

    /// <exception cref="PropertyMismatchException">The value does not fit the type.</exception>
    public static object? Convert(string path, PropertyValue value, Type type) => Converters.GetOrAdd(type, MakeConverter)(path, value);

    /// <summary>The value where no type is declared: null, bool, double, string, immutable lists and dictionaries, assets, resources.</summary>
    public static object? ToPlainObject(PropertyValue value) => value switch
    {
        PropertyNull => null,
        PropertyBoolean boolean => boolean.Value,
        PropertyNumber number => number.Value,
        PropertyString text => text.Value,
        PropertyList list => list.Select(ToPlainObject).ToImmutableArray(),
        PropertyMap map => map.ToImmutableDictionary(entry => entry.Key, entry => ToPlainObject(entry.Value)),
        PropertyAsset or PropertyArchive => AssetOrArchive.FromProperty(value),
        PropertyResourceReference reference => new DependencyResource(reference.Urn, (reference.Id as PropertyString)?.Value),
        _ => throw new InvalidOperationException($"A {value.GetType().Name} is no plain value."),
    };

    private static Func<string, PropertyValue, object?> MakeConverter(Type type)
    {
        if (type == typeof(object))
        {
            return (_, value) => ToPlainObject(value);
        }
        if (type == typeof(JsonElement))
        {
            return (_, value) => JsonSerializer.SerializeToElement(ToPlainObject(value));
        }
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return (path, value) => value.IsNull ? null : Convert(path, value, underlying);
        }
        var convert = MakeValueConverter(type);
        var none = type.IsValueType ? MakeNone(type) : null;
        return (path, value) => value.IsNull ? none : convert(path, value);
    }

    /// <summary>What stands for a missing value: the default, and an empty list rather than one that cannot be read.</summary>
    private static object? MakeNone(Type type) => IsGeneric(type, typeof(ImmutableArray<>))
        ? type.GetField(nameof(ImmutableArray<int>.Empty))!.GetValue(null)
        : Activator.CreateInstance(type);

    private static Func<string, PropertyValue, object?> MakeValueConverter(Type type)
    {
        if (type == typeof(string))
        {
            return (path, value) => value is PropertyString text ? text.Value : throw Mismatch(path, value, type);
        }
        if (type == typeof(bool))
        {
            return (path, value) => value switch
            {
                PropertyBoolean boolean => boolean.Value,
                PropertyString { Value: "true" or "false" } text => text.Value == "true",
                _ => throw Mismatch(path, value, type),
            };
        }
        if (type == typeof(double) || type == typeof(int))
        {
            return (path, value) => ToNumber(path, value, type);
        }
        if (type.IsEnum)
        {
            return (path, value) => Enum.ToObject(type, (int)ToNumber(path, value, typeof(int)));
        }
        if (type.GetCustomAttribute<EnumTypeAttribute>() is not null)
        {
            return (path, value) => value is PropertyString or PropertyNumber ? EnumType.FromPlain(type, ToPlainObject(value)!) : throw Mismatch(path, value, type);
        }
        if (typeof(Resource).IsAssignableFrom(type) || typeof(AssetOrArchive).IsAssignableFrom(type))
        {
            return (path, value) => ToPlainObject(value) is { } plain && type.IsInstanceOfType(plain) ? plain : throw Mismatch(path, value, type);
        }
        if (IsGeneric(type, typeof(Union<,>)))
        {
            return MakeUnionConverter(type);
        }
        if (IsGeneric(type, typeof(ImmutableArray<>)))
        {
            return (Func<string, PropertyValue, object?>)Make(nameof(ListConverter), type.GetGenericArguments()[0]);
        }
        if (IsGeneric(type, typeof(ImmutableDictionary<,>)) && type.GetGenericArguments()[0] == typeof(string))
        {
            return (Func<string, PropertyValue, object?>)Make(nameof(MapConverter), type.GetGenericArguments()[1]);
        }
        return type.GetCustomAttribute<OutputTypeAttribute>() is not null
            ? MakeObjectConverter(type)
            : throw new InvalidOperationException($"{type.FullName} cannot hold an output. Use bool, int, double, string, enumerations, immutable lists and dictionaries, or a class with [OutputType].");
    }

    private static object ToNumber(string path, PropertyValue value, Type type)
    {
        var number = value switch
        {
            PropertyNumber plain => plain.Value,
            PropertyString text when double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => throw Mismatch(path, value, type),
        };
        // Without the casts the conditional itself would make a double of both.
        return type == typeof(int) ? (object)(int)number : (object)number;
    }

    private static Delegate Make(string method, Type element) =>
        (Delegate)typeof(PropertyConverter).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element).Invoke(null, null)!;

    private static Func<string, PropertyValue, object?> ListConverter<T>() => (path, value) => value is PropertyList list
        ? list.Select((item, index) => (T)Convert($"{path}[{index}]", item, typeof(T))!).ToImmutableArray()
        : throw Mismatch(path, value, typeof(ImmutableArray<T>));

    private static Func<string, PropertyValue, object?> MapConverter<T>() => (path, value) => value is PropertyMap map
        ? map.ToImmutableDictionary(entry => entry.Key, entry => (T)Convert($"{path}.{entry.Key}", entry.Value, typeof(T))!)
        : throw Mismatch(path, value, typeof(ImmutableDictionary<string, T>));

    private static Func<string, PropertyValue, object?> MakeUnionConverter(Type type)
    {
        var arguments = type.GetGenericArguments();
        MethodInfo[] makers = [type.GetMethod("FromT0")!, type.GetMethod("FromT1")!];
        return (path, value) =>
        {
            for (var index = 0; index < arguments.Length; index++)
            {
                try
                {
                    return makers[index].Invoke(null, [Convert(path, value, arguments[index])]);
                }
                catch (PropertyMismatchException) when (index + 1 < arguments.Length)
                {
                    // It is the other alternative, then.
                }
            }
            throw Mismatch(path, value, type);
        };
    }

    private static Func<string, PropertyValue, object?> MakeObjectConverter(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .SingleOrDefault(candidate => candidate.GetCustomAttribute<OutputConstructorAttribute>() is not null)
            ?? throw new InvalidOperationException($"{type.FullName} has no constructor with [OutputConstructor].");
        var parameters = constructor.GetParameters()
            .Select(parameter => (Name: parameter.GetCustomAttribute<OutputConstructorParameterAttribute>()?.Name ?? parameter.Name!, Type: parameter.ParameterType))
            .ToImmutableArray();
        return (path, value) => value is PropertyMap map
            ? constructor.Invoke([.. parameters.Select(parameter =>
                Convert($"{path}.{parameter.Name}", map.TryGetValue(parameter.Name, out var member) ? member : PropertyValue.Null, parameter.Type))])
            : throw Mismatch(path, value, type);
    }

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static PropertyMismatchException Mismatch(string path, PropertyValue value, Type type) =>
        new($"{path}: expected {type.FullName} but the engine sent {value.GetType().Name}.");
}

/// <summary>A value from the wire does not fit the type that the program declares for it.</summary>
internal sealed class PropertyMismatchException(string message) : Exception(message);
