using System.Reflection;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>Names of types as C# writes them, with namespaces.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
    };

    public static string Of(Type type, NullabilityInfo? nullability = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Of(underlying)}?";
        }
        var mark = nullability is { ReadState: NullabilityState.Nullable } or { ReadState: NullabilityState.Unknown, WriteState: NullabilityState.Nullable } ? "?" : "";
        return $"{Bare(type, nullability)}{mark}";
    }

    private static string Bare(Type type, NullabilityInfo? nullability)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]";
        }
        if (type.IsPointer)
        {
            return $"{Bare(type.GetElementType()!, null)}*";
        }
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        var prefix = type.IsNested ? $"{Bare(type.DeclaringType!, null)}." : type.Namespace is { Length: > 0 } space ? $"{space}." : "";
        var name = type.Name.Split('`')[0];
        if (!type.IsGenericType)
        {
            return prefix + name;
        }
        var arguments = type.GetGenericArguments().Select((argument, index) => Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        return $"{prefix}{name}<{string.Join(", ", arguments)}>";
    }
}
