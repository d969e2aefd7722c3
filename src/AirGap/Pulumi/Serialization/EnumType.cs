using System.Reflection;

namespace Pulumi;

/// <summary>Value types that stand for an enumeration: made from a string or a number, and cast to it.</summary>
internal static class EnumType
{
    public static object ToPlain(object value)
    {
        var cast = value.GetType().GetMethods(BindingFlags.Public | BindingFlags.Static)
            .SingleOrDefault(method => method.Name == "op_Explicit" && method.GetParameters() is [var parameter] && parameter.ParameterType == value.GetType());
        return cast?.Invoke(null, [value]) ?? throw new InvalidOperationException($"The enumeration {value.GetType()} has no explicit conversion to string or double.");
    }

    public static object FromPlain(Type type, object value) =>
        type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [value.GetType()])?.Invoke([value])
            ?? throw new InvalidOperationException($"The enumeration {type} has no constructor that takes a {value.GetType()}.");
}
