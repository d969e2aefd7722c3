using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Jeju.Infra.Tests.Likeness;

/// <summary>Lists the public types and members of an assembly, one per line, as the listings of the official assemblies are written.</summary>
internal sealed class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly string[] ShownAttributes = ["InputAttribute", "OutputAttribute", "OutputTypeAttribute", "EnumTypeAttribute"];
    private readonly NullabilityInfoContext nullability = new();

    public static IReadOnlyList<string> Of(Assembly assembly)
    {
        var api = new PublicApi();
        return [.. assembly.GetTypes().Where(IsVisible).SelectMany(api.Lines).Order(StringComparer.Ordinal)];
    }

    private static bool IsVisible(Type type) => type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic;

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private IEnumerable<string> Lines(Type type)
    {
        var name = TypeNames.Of(type);
        yield return $"{name} : {KindOf(type)}{BasesOf(type)}{Attributes(type)}";
        foreach (var constructor in type.GetConstructors(Declared).Where(constructor => IsVisible(constructor) && !constructor.IsStatic))
        {
            yield return $"{name}..ctor({Parameters(constructor)}) : ctor{(constructor.IsPublic ? "" : " protected")}";
        }
        foreach (var method in type.GetMethods(Declared).Where(IsListed))
        {
            var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
            yield return $"{name}.{method.Name}{generic}({Parameters(method)}) : method {Modifiers(method)}{TypeNames.Of(method.ReturnType, nullability.Create(method.ReturnParameter))}";
        }
        foreach (var property in type.GetProperties(Declared).Where(property => IsVisible(property.GetMethod) || IsVisible(property.SetMethod)))
        {
            yield return $"{name}.{Property(property)}";
        }
        foreach (var field in type.GetFields(Declared).Where(field => !field.IsSpecialName && (field.IsPublic || field.IsFamily)))
        {
            var value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
            var modifiers = $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}";
            yield return $"{name}.{field.Name} : field {modifiers}{TypeNames.Of(field.FieldType, nullability.Create(field))}{value}{Attributes(field)}";
        }
    }

    private static bool IsListed(MethodInfo method) =>
        IsVisible(method) && method.Name is not ("BeginInvoke" or "EndInvoke") && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    private string Property(PropertyInfo property)
    {
        var accessor = (property.GetMethod ?? property.SetMethod)!;
        var modifiers = $"{(accessor.IsStatic ? "static " : "")}{(IsVisible(property.GetMethod) && property.GetMethod!.IsFamily ? "protected " : "")}{Dispatch(accessor)}";
        var index = property.GetIndexParameters() is { Length: > 0 } indexes ? $"[{string.Join(", ", indexes.Select(parameter => TypeNames.Of(parameter.ParameterType)))}]" : "";
        var accessors = $"{(IsVisible(property.GetMethod) ? "get; " : "")}{(IsVisible(property.SetMethod) ? SetterOf(property) : "")}";
        return $"{property.Name}{index} : property {modifiers}{TypeNames.Of(property.PropertyType, nullability.Create(property))} {{ {accessors}}}{Attributes(property)}";
    }

    private static string SetterOf(PropertyInfo property) =>
        property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsValueType: true } => "struct",
        { IsInterface: true } => "interface",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string BasesOf(Type type)
    {
        if (type.IsEnum)
        {
            return " < int";
        }
        var above = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? parent : null;
        var interfaces = type.GetInterfaces().Where(IsVisible).Select(candidate => TypeNames.Of(candidate)).Order(StringComparer.Ordinal);
        string[] bases = [.. above is null ? [] : new[] { TypeNames.Of(above) }, .. interfaces];
        return $"{(bases.Length == 0 ? "" : $" < {string.Join(", ", bases)}")}{ConstraintsOf(type)}";
    }

    private static string ConstraintsOf(Type type) => string.Concat((type.IsGenericTypeDefinition ? type.GetGenericArguments() : [])
        .Select(argument => (argument, demanded: argument.GetGenericParameterConstraints().Where(constraint => constraint != typeof(ValueType)).ToArray()))
        .Where(pair => pair.demanded.Length > 0)
        .Select(pair => $" where {pair.argument.Name} : {string.Join(", ", pair.demanded.Select(constraint => TypeNames.Of(constraint)))}"));

    private static string Modifiers(MethodInfo method) =>
        $"{(method.IsStatic ? "static " : "")}{(method.IsFamily ? "protected " : "")}{Dispatch(method)}";

    private static string Dispatch(MethodInfo method) => method switch
    {
        _ when method.DeclaringType!.IsInterface => "",
        { IsAbstract: true } => "abstract ",
        _ when method.GetBaseDefinition().DeclaringType != method.DeclaringType => "override ",
        { IsVirtual: true, IsFinal: false } => "virtual ",
        _ => "",
    };

    private string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : "";
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return $"{prefix}{TypeNames.Of(type, nullability.Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "")}";
    }));

    private static string Literal(object? value) => value switch
    {
        null => "null",
        bool boolean => boolean ? "true" : "false",
        string text => $"\"{text}\"",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };

    private static string Attributes(MemberInfo member)
    {
        var shown = member.GetCustomAttributesData()
            .Where(data => ShownAttributes.Contains(data.AttributeType.Name) || data.AttributeType.Name.EndsWith("ResourceTypeAttribute", StringComparison.Ordinal))
            .Select(data =>
            {
                var arguments = data.ConstructorArguments.Where(argument => argument.Value is not null).Select(argument => argument.Value is string text ? $"\"{text}\"" : argument.Value!.ToString()!.ToLowerInvariant());
                return $" [{data.AttributeType.Name[..^"Attribute".Length]}{(data.ConstructorArguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})")}]";
            });
        return string.Concat(shown);
    }
}
