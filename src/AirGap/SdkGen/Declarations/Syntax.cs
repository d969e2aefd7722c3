using System.Collections.Immutable;

namespace Jeju.Infra.AirGap.SdkGen.Declarations;

/// <summary>A type as a declaration file writes it.</summary>
internal abstract record TypeSyntax;

/// <summary>A name, with its qualifiers and type arguments: string, inputs.ec2.Filter, pulumi.Input of something.</summary>
internal sealed record NamedType(string Name, ImmutableArray<TypeSyntax> Arguments) : TypeSyntax;

/// <summary>A list.</summary>
internal sealed record ArrayType(TypeSyntax Element) : TypeSyntax;

/// <summary>An object with an index signature.</summary>
internal sealed record MapType(TypeSyntax Value) : TypeSyntax;

/// <summary>A text that is the only one allowed.</summary>
internal sealed record LiteralType(string Text) : TypeSyntax;

/// <summary>One of several types.</summary>
internal sealed record UnionType(ImmutableArray<TypeSyntax> Alternatives) : TypeSyntax;

/// <summary>A type that is of no interest here, such as that of a function.</summary>
internal sealed record OtherType : TypeSyntax;

/// <summary>A property of an interface or class.</summary>
internal sealed record Member(string Name, bool IsOptional, TypeSyntax Type, string? Deprecation);

/// <summary>An interface or a class.</summary>
internal sealed record ObjectDeclaration(string Name, ImmutableArray<Member> Members, string? Deprecation)
{
    public bool HasRequiredMember => Members.Any(member => !member.IsOptional);
}

/// <summary>A declared constant whose members are the values of an enumeration.</summary>
internal sealed record EnumDeclaration(string Name, ImmutableArray<(string Name, string Value, string? Deprecation)> Values);

/// <summary>What a file declares, by name; names inside of namespaces are qualified with them.</summary>
internal sealed record DeclarationFile(ImmutableDictionary<string, ObjectDeclaration> Objects, ImmutableDictionary<string, EnumDeclaration> Enums);
