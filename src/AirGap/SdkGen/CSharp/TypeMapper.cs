using System.Collections.Immutable;
using Jeju.Infra.AirGap.SdkGen.Declarations;

namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>The C# type of a declared type; the nested types that are met are asked for.</summary>
internal sealed class TypeMapper(PackageNames names, Action<Shape, string> needNested, Action<string> needEnum)
{
    private const string ListOf = "System.Collections.Immutable.ImmutableArray";
    private const string MapOf = "System.Collections.Immutable.ImmutableDictionary";
    private const string Archive = "global::Pulumi.Archive";
    private const string AssetOrArchive = "global::Pulumi.AssetOrArchive";
    private const string Json = "System.Text.Json.JsonElement";

    /// <summary>An argument that may come later.</summary>
    public string Input(TypeSyntax type, Shape shape, string owner, string property)
    {
        var bare = Unwrap(type);
        return bare switch
        {
            ArrayType array => $"InputList<{Element(array.Element, shape, owner, property)}>",
            MapType map => $"InputMap<{MapValue(map, shape, owner, property)}>",
            NamedType { Name: "any" } when names.IsKubernetes => "InputJson",
            _ => Element(bare, shape, owner, property) is var element && element.StartsWith("Union<", StringComparison.Ordinal) ? $"Input{element}" : $"Input<{element}>",
        };
    }

    /// <summary>A plain argument of a function.</summary>
    public string Plain(TypeSyntax type, string owner, string property) => Unwrap(type) switch
    {
        ArrayType array => $"System.Collections.Generic.List<{Plain(array.Element, owner, property)}>",
        MapType map => $"System.Collections.Generic.Dictionary<string, {Plain(map.Value, owner, property)}>",
        var other => Element(other, Shape.FunctionPlain, owner, property),
    };

    /// <summary>An output.</summary>
    public string Output(Member member, Shape shape, string owner)
    {
        var type = Element(member.Type, shape, owner, member.Name);
        var isOptional = member.IsOptional || IsOptional(member.Type);
        return isOptional && !type.StartsWith(ListOf, StringComparison.Ordinal) ? $"{type}?" : type;
    }

    public static bool IsOptional(TypeSyntax type) => type switch
    {
        UnionType union => union.Alternatives.Any(alternative => alternative is NamedType { Name: "undefined" }),
        NamedType { Name: "pulumi.Output" or "pulumi.Input" } wrapped => IsOptional(wrapped.Arguments[0]),
        _ => false,
    };

    private string Element(TypeSyntax type, Shape shape, string owner, string property) => Unwrap(type) switch
    {
        ArrayType array => $"{ListOf}<{Element(array.Element, shape, owner, property)}>",
        MapType map => $"{MapOf}<string, {MapValue(map, shape, owner, property)}>",
        UnionType union => Union(union, shape, owner, property),
        NamedType named => Named(named.Name, shape, owner, property),
        LiteralType => "string",
        var other => throw new InvalidDataException($"{owner}.{property} is of a type that has no form in C#: {other}."),
    };

    private string MapValue(MapType map, Shape shape, string owner, string property) =>
        Unwrap(map.Value) is NamedType { Name: "any" } ? "object" : Element(map.Value, shape, owner, property);

    private string Union(UnionType union, Shape shape, string owner, string property)
    {
        var hasText = union.Alternatives.Any(alternative => Unwrap(alternative) is NamedType { Name: "string" });
        var alternatives = union.Alternatives
            .Where(alternative => alternative is not NamedType { Name: "undefined" })
            .Where(alternative => !hasText || !IsTextInCSharp(alternative, shape))
            .Select(alternative => Element(alternative, shape, owner, property))
            .Distinct()
            .ToImmutableArray();
        if (alternatives.Length == 2 && alternatives.All(alternative => alternative is Archive or AssetOrArchive))
        {
            return AssetOrArchive;
        }
        return alternatives switch
        {
            [var single] => single,
            [var first, var second] => $"Union<{first}, {second}>",
            [var first, .. var rest] => $"Union<{first}, {rest.Aggregate((left, right) => $"Union<{left}, {right}>")}>",
            _ => throw new InvalidDataException($"{owner}.{property} is a choice of nothing."),
        };
    }

    /// <summary>
    /// Scripts take more for a text than C# does: a resource for its id, an object for a policy document; and as an output an enumeration is a text.
    /// </summary>
    private static bool IsTextInCSharp(TypeSyntax type, Shape shape)
    {
        if (Unwrap(type) is not NamedType named || named.Name == "ARN")
        {
            return false;
        }
        var (root, last) = (named.Name.Split('.')[0], named.Name.Split('.')[^1]);
        return root switch
        {
            "pulumi" => false,
            "enums" => shape is Shape.ResourceOutput or Shape.FunctionOutput,
            "inputs" or "outputs" => last.EndsWith("PolicyDocument", StringComparison.Ordinal),
            _ => char.IsUpper(last[0]),
        };
    }

    private string Named(string name, Shape shape, string owner, string property)
    {
        switch (name)
        {
            case "string" or "ARN" or "pulumi.ID":
                return "string";
            case "boolean":
                return "bool";
            case "number":
                return names.Dialect.IsDouble(owner, property) ? "double" : "int";
            case "any":
                return names.IsKubernetes ? Json : "object";
            case "pulumi.asset.Archive":
                return Archive;
            case "pulumi.asset.Asset":
                return AssetOrArchive;
        }
        var (root, path) = name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? (name[..dot], name[(dot + 1)..]) : (string.Empty, name);
        switch (root)
        {
            case "inputs" or "outputs":
                needNested(shape, path);
                return NestedName(shape, path);
            case "enums":
                needEnum(path);
                return EnumName(path);
            default:
                throw new InvalidDataException($"{owner}.{property} is of the type {name}, which the generator does not know.");
        }
    }

    /// <summary>The full name of a nested type.</summary>
    public string NestedName(Shape shape, string path)
    {
        var parts = path.Split('.');
        var kind = shape is Shape.ResourceOutput or Shape.FunctionOutput ? "Outputs" : "Inputs";
        return $"{names.Nested(parts[..^1], kind)}.{NestedClass(shape, parts[^1])}";
    }

    public static string NestedClass(Shape shape, string name) => shape switch
    {
        Shape.ResourceInput or Shape.FunctionPlain => $"{name}Args",
        Shape.FunctionInput => $"{(name.EndsWith("Args", StringComparison.Ordinal) ? name[..^4] : name)}InputArgs",
        Shape.FunctionOutput => $"{name}Result",
        _ => name,
    };

    public string EnumName(string path)
    {
        var parts = path.Split('.');
        return $"{names.Module(parts[..^1])}.{parts[^1]}";
    }

    private static TypeSyntax Unwrap(TypeSyntax type) => type switch
    {
        NamedType { Name: "pulumi.Input" or "pulumi.Output" or "Promise" } wrapped => Unwrap(wrapped.Arguments[0]),
        UnionType union when union.Alternatives.Where(alternative => alternative is not NamedType { Name: "undefined" }).ToArray() is [var single] => Unwrap(single),
        _ => type,
    };
}
