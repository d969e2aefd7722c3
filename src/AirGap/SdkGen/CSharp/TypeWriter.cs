using Jeju.Infra.AirGap.SdkGen.Declarations;

namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>Writes classes of arguments and of outputs.</summary>
internal sealed class TypeWriter(PackageNames names, TypeMapper types)
{
    /// <summary>A class of arguments that may come later.</summary>
    public void Inputs(CodeWriter code, string className, ObjectDeclaration declaration, string owner, Shape shape, string baseClass, ResourceFacts? facts = null)
    {
        code.Obsolete(declaration.Deprecation);
        using var block = code.Open($"public {(names.IsKubernetes && owner != "Provider" ? "" : "sealed ")}class {className} : {baseClass}");
        foreach (var member in declaration.Members)
        {
            var property = names.Dialect.Property(owner, member.Name);
            var type = types.Input(member.Type, shape, owner, member.Name);
            var attribute = Attribute(member, facts?.Json.Contains(member.Name) == true);
            var isSecret = facts?.Secrets.Contains(member.Name) == true || names.Dialect.IsSecret(owner, member.Name);
            Input(code, member, property, type, attribute, isSecret);
        }
        Constructor(code, className, owner, facts);
        code.Line($"public static new {className} Empty => new();");
    }

    /// <summary>A class of arguments that are given now.</summary>
    public void Plain(CodeWriter code, string className, ObjectDeclaration declaration, string owner)
    {
        using var block = code.Open($"public sealed class {className} : global::Pulumi.InvokeArgs");
        foreach (var member in declaration.Members)
        {
            var property = names.Dialect.Property(owner, member.Name);
            var type = types.Plain(member.Type, owner, member.Name);
            var attribute = Attribute(member, json: false);
            if (type.StartsWith("System.Collections.Generic.", StringComparison.Ordinal))
            {
                Collection(code, member, property, type, attribute);
            }
            else
            {
                code.Line(attribute);
                code.Obsolete(member.Deprecation);
                code.Line(member.IsOptional ? $"public {type}? {property} {{ get; set; }}" : $"public {type} {property} {{ get; set; }} = default!;");
            }
            code.Line();
        }
        code.Line($"public {className}() {{ }}");
        code.Line($"public static new {className} Empty => new();");
    }

    /// <summary>A class of outputs.</summary>
    /// <param name="input">
    /// The same type as an argument, if there is one. Scripts promise more of outputs than C# does: what need not be given may be missing there.
    /// </param>
    public void Outputs(CodeWriter code, string className, ObjectDeclaration declaration, string owner, Shape shape, ObjectDeclaration? input = null)
    {
        var optional = (input?.Members ?? []).Where(member => member.IsOptional).Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        code.Line("[OutputType]");
        using var block = code.Open($"public sealed class {className}");
        var members = declaration.Members
            .Select(member => member with { IsOptional = member.IsOptional || optional.Contains(member.Name) })
            .Select(member => (member.Name, Property: OutputProperty(owner, className, member.Name), Type: types.Output(member, shape, owner)))
            .ToArray();
        foreach (var (_, property, type) in members)
        {
            code.Line($"public readonly {type} {property};");
        }
        code.Line();
        code.Line("[OutputConstructor]");
        var parameters = members.Select(member =>
        {
            var parameter = PackageNames.Parameter(member.Name);
            return $"{(parameter[1..] == member.Name ? "" : $"[OutputConstructorParameter(\"{member.Name}\")] ")}{member.Type} {parameter}";
        });
        using var constructor = code.Open($"private {className}({string.Join(", ", parameters)})");
        foreach (var (name, property, _) in members)
        {
            code.Line($"{property} = {PackageNames.Parameter(name)};");
        }
    }

    private string OutputProperty(string owner, string className, string property)
    {
        var name = names.Dialect.Property(owner, property);
        return name == className ? $"{name}Value" : name;
    }

    private static string Attribute(Member member, bool json)
    {
        var required = member.IsOptional ? "" : ", required: true";
        return $"[Input(\"{member.Name}\"{required}{(json ? ", json: true" : "")})]";
    }

    private static void Input(CodeWriter code, Member member, string property, string type, string attribute, bool isSecret)
    {
        if (type.StartsWith("InputList<", StringComparison.Ordinal) || type.StartsWith("InputMap<", StringComparison.Ordinal))
        {
            Collection(code, member, property, type, attribute, isSecret);
        }
        else if (isSecret)
        {
            code.Line(attribute);
            code.Line($"private {type}? {Field(member.Name)};");
            code.Obsolete(member.Deprecation);
            code.Line($"public {type}? {property} {{ get => {Field(member.Name)}; set => {Field(member.Name)} = Utilities.Secret(value); }}");
        }
        else
        {
            code.Line(attribute);
            code.Obsolete(member.Deprecation);
            code.Line(member.IsOptional ? $"public {type}? {property} {{ get; set; }}" : $"public {type} {property} {{ get; set; }} = null!;");
        }
        code.Line();
    }

    /// <summary>The field stays null until the collection is used, so that an argument that was not given is not sent.</summary>
    private static void Collection(CodeWriter code, Member member, string property, string type, string attribute, bool isSecret = false)
    {
        var field = Field(member.Name);
        code.Line(attribute);
        code.Line($"private {type}? {field};");
        code.Obsolete(member.Deprecation);
        code.Line($"public {type} {property} {{ get => {field} ??= new(); set => {field} = {(isSecret ? "Utilities.Secret(value)" : "value")}; }}");
    }

    private static string Field(string name) => $"_{PackageNames.Parameter(name)[1..]}";

    private void Constructor(CodeWriter code, string className, string owner, ResourceFacts? facts)
    {
        using var block = code.Open($"public {className}()");
        foreach (var (property, value) in facts?.Defaults ?? [])
        {
            code.Line($"{names.Dialect.Property(owner, property)} = {value};");
        }
    }
}
