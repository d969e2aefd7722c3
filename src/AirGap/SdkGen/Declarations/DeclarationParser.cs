using System.Collections.Immutable;

namespace Jeju.Infra.AirGap.SdkGen.Declarations;

/// <summary>Reads the part of TypeScript's declaration files that Pulumi's packages consist of: interfaces, classes, namespaces and constants of literals.</summary>
internal sealed class DeclarationParser
{
    private readonly Tokenizer tokenizer;
    private readonly ImmutableDictionary<string, ObjectDeclaration>.Builder objects = ImmutableDictionary.CreateBuilder<string, ObjectDeclaration>();
    private readonly ImmutableDictionary<string, EnumDeclaration>.Builder enums = ImmutableDictionary.CreateBuilder<string, EnumDeclaration>();
    private Token current;

    private DeclarationParser(string source)
    {
        tokenizer = new(source);
        current = tokenizer.Next();
    }

    public static DeclarationFile Parse(string source)
    {
        var parser = new DeclarationParser(source);
        parser.ParseStatements(string.Empty);
        return new(parser.objects.ToImmutable(), parser.enums.ToImmutable());
    }

    private void ParseStatements(string prefix)
    {
        string? deprecation = null;
        while (current.Kind != TokenKind.End && !IsSign("}"))
        {
            // The comment stands before the first word, such as export.
            deprecation = tokenizer.Deprecation ?? deprecation;
            switch (current)
            {
                case { Kind: TokenKind.Word, Value: "export" or "declare" or "abstract" or "default" }:
                    Advance();
                    break;
                case { Kind: TokenKind.Word, Value: "namespace" }:
                    Advance();
                    var inner = $"{prefix}{Take()}.";
                    Expect("{");
                    ParseStatements(inner);
                    Expect("}");
                    break;
                case { Kind: TokenKind.Word, Value: "interface" or "class" }:
                    Advance();
                    ParseObject(prefix, deprecation);
                    deprecation = null;
                    break;
                case { Kind: TokenKind.Word, Value: "const" }:
                    Advance();
                    ParseConstant(prefix);
                    break;
                default:
                    SkipStatement();
                    deprecation = null;
                    break;
            }
        }
    }

    private void ParseObject(string prefix, string? deprecation)
    {
        var name = prefix + Take();
        while (!IsSign("{"))
        {
            Advance();
        }
        Expect("{");
        var members = ImmutableArray.CreateBuilder<Member>();
        while (!IsSign("}"))
        {
            if (ParseMember() is { } member)
            {
                members.Add(member);
            }
        }
        Expect("}");
        objects[name] = new(name, members.ToImmutable(), deprecation);
    }

    /// <summary>A property; null for a method, a constructor or a static member.</summary>
    private Member? ParseMember()
    {
        var skipped = false;
        var deprecation = tokenizer.Deprecation;
        while (current is { Kind: TokenKind.Word, Value: "readonly" or "static" or "private" or "protected" or "get" or "set" })
        {
            var modifier = Take();
            if (IsSign(":") || IsSign("?") || IsSign("("))
            {
                // A property that is called like a modifier.
                return IsSign("(") ? SkipMember() : ParseProperty(modifier, deprecation);
            }
            skipped |= modifier is "static" or "private" or "protected";
        }
        if (skipped || current.Kind == TokenKind.Sign)
        {
            return SkipMember();
        }
        var name = Take();
        return IsSign("(") || IsSign("<") || IsSign(";") ? SkipMember() : ParseProperty(name, deprecation);
    }

    private Member ParseProperty(string name, string? deprecation)
    {
        var isOptional = Accept("?");
        Expect(":");
        var type = ParseType();
        _ = Accept(";") || Accept(",");
        return new(name, isOptional, type, deprecation);
    }

    private Member? SkipMember()
    {
        SkipStatement();
        return null;
    }

    private void ParseConstant(string prefix)
    {
        var name = prefix + Take();
        Expect(":");
        if (!Accept("{"))
        {
            SkipStatement();
            return;
        }
        var values = ImmutableArray.CreateBuilder<(string, string, string?)>();
        while (!IsSign("}"))
        {
            if (ParseMember() is { Type: LiteralType literal } member)
            {
                values.Add((member.Name, literal.Text, member.Deprecation));
            }
        }
        Expect("}");
        _ = Accept(";");
        enums[name] = new(name, values.ToImmutable());
    }

    private TypeSyntax ParseType()
    {
        var alternatives = ImmutableArray.CreateBuilder<TypeSyntax>();
        do
        {
            alternatives.Add(ParseArray());
        }
        while (Accept("|"));
        return alternatives.Count == 1 ? alternatives[0] : new UnionType(alternatives.ToImmutable());
    }

    private TypeSyntax ParseArray()
    {
        var type = ParsePrimary();
        while (IsSign("["))
        {
            Advance();
            Expect("]");
            type = new ArrayType(type);
        }
        return type;
    }

    private TypeSyntax ParsePrimary()
    {
        if (current.Kind == TokenKind.Text)
        {
            return new LiteralType(Take());
        }
        if (Accept("("))
        {
            var inner = ParseType();
            Expect(")");
            return inner;
        }
        if (Accept("{"))
        {
            return ParseIndexSignature();
        }
        return current.Kind == TokenKind.Word ? ParseName() : throw Unexpected();
    }

    private TypeSyntax ParseIndexSignature()
    {
        Expect("[");
        while (!Accept("]"))
        {
            Advance();
        }
        Expect(":");
        var value = ParseType();
        _ = Accept(";");
        Expect("}");
        return new MapType(value);
    }

    private TypeSyntax ParseName()
    {
        var name = Take();
        if (name is "typeof" or "keyof" or "import")
        {
            SkipToEndOfType();
            return new OtherType();
        }
        while (Accept("."))
        {
            name += "." + Take();
        }
        var arguments = ImmutableArray.CreateBuilder<TypeSyntax>();
        if (Accept("<"))
        {
            do
            {
                arguments.Add(ParseType());
            }
            while (Accept(","));
            Expect(">");
        }
        return new NamedType(name, arguments.ToImmutable());
    }

    private void SkipToEndOfType()
    {
        while (!IsSign(";") && !IsSign("}") && current.Kind != TokenKind.End)
        {
            Advance();
        }
    }

    /// <summary>Skips to behind the next semicolon, or behind a block in braces that ends the statement.</summary>
    private void SkipStatement()
    {
        var depth = 0;
        while (current.Kind != TokenKind.End)
        {
            if (depth == 0 && IsSign("}"))
            {
                return;
            }
            depth += current is { Kind: TokenKind.Sign, Value: "{" or "(" or "[" } ? 1 : current is { Kind: TokenKind.Sign, Value: "}" or ")" or "]" } ? -1 : 0;
            var ended = depth == 0 && IsSign(";");
            Advance();
            if (ended)
            {
                return;
            }
        }
    }

    private bool IsSign(string sign) => current.Kind == TokenKind.Sign && current.Value == sign;

    private bool Accept(string sign)
    {
        if (!IsSign(sign))
        {
            return false;
        }
        Advance();
        return true;
    }

    private void Expect(string sign)
    {
        if (!Accept(sign))
        {
            throw Unexpected();
        }
    }

    private string Take()
    {
        var value = current.Value;
        Advance();
        return value;
    }

    private void Advance() => current = tokenizer.Next();

    private InvalidDataException Unexpected() => new($"The declaration file has '{current.Value}' where the generator expects something else.");
}
