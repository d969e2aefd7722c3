using Jeju.Infra.AirGap.SdkGen.Declarations;

namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>Writes an enumeration: a value type with its known values, made from any text.</summary>
internal static class EnumWriter
{
    public static void Write(CodeWriter code, string name, EnumDeclaration declaration)
    {
        code.Line("[EnumType]");
        using var block = code.Open($"public readonly struct {name} : System.IEquatable<{name}>");
        code.Line("private readonly string _value;");
        code.Line($"private {name}(string value) => _value = value;");
        foreach (var (member, value, deprecation) in declaration.Values)
        {
            code.Obsolete(deprecation);
            code.Line($"public static {name} {member} {{ get; }} = new({CodeWriter.Quote(value)});");
        }
        code.Line($"public static bool operator ==({name} left, {name} right) => left.Equals(right);");
        code.Line($"public static bool operator !=({name} left, {name} right) => !left.Equals(right);");
        code.Line($"public static explicit operator string({name} value) => value._value;");
        code.Line($"public bool Equals({name} other) => string.Equals(_value, other._value, System.StringComparison.Ordinal);");
        code.Line($"public override bool Equals(object? obj) => obj is {name} other && Equals(other);");
        code.Line("public override int GetHashCode() => _value?.GetHashCode(System.StringComparison.Ordinal) ?? 0;");
        code.Line("public override string ToString() => _value;");
    }
}
