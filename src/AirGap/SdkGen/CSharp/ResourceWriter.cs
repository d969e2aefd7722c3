using System.Collections.Immutable;
using Jeju.Infra.AirGap.SdkGen.Declarations;

namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>Writes the class of a resource, its arguments and the state by which it is looked up.</summary>
internal sealed class ResourceWriter(PackageNames names, TypeMapper types, TypeWriter typeWriter)
{
    public void Write(CodeWriter code, string[] module, string name, DeclarationFile declarations, ResourceFacts facts)
    {
        var args = declarations.Objects[$"{name}Args"];
        var argsNamespace = names.IsKubernetes && module.Length > 0 ? names.Nested(module, "Inputs") : names.Module(module);
        using (code.Open($"namespace {names.Module(module)}"))
        {
            WriteClass(code, module, name, declarations, facts, args, $"{argsNamespace}.{name}Args");
            if (State(declarations, name) is { } state)
            {
                code.Line();
                typeWriter.Inputs(code, $"{name}State", state, name, Shape.ResourceInput, "global::Pulumi.ResourceArgs", new() { Secrets = facts.Secrets });
            }
        }
        using (code.Open($"namespace {argsNamespace}"))
        {
            typeWriter.Inputs(code, $"{name}Args", args, name, Shape.ResourceInput, "global::Pulumi.ResourceArgs", facts);
        }
    }

    /// <summary>The state by which a resource is looked up: its plain values. Nested ones qualify no lookup.</summary>
    private static ObjectDeclaration? State(DeclarationFile declarations, string name) =>
        declarations.Objects.GetValueOrDefault($"{name}State") is { } state
            ? state with { Members = [.. state.Members.Where(member => !MentionsInputs(member.Type))] }
            : null;

    private static bool MentionsInputs(TypeSyntax type) => type switch
    {
        NamedType named => named.Name.StartsWith("inputs.", StringComparison.Ordinal) || named.Arguments.Any(MentionsInputs),
        ArrayType array => MentionsInputs(array.Element),
        MapType map => MentionsInputs(map.Value),
        UnionType union => union.Alternatives.Any(MentionsInputs),
        _ => false,
    };

    private void WriteClass(CodeWriter code, string[] module, string name, DeclarationFile declarations, ResourceFacts facts, ObjectDeclaration args, string argsClass)
    {
        var declaration = declarations.Objects[name];
        var isProvider = module.Length == 0 && name == "Provider";
        var baseClass = isProvider ? "global::Pulumi.ProviderResource" : names.IsKubernetes ? "KubernetesResource" : "global::Pulumi.CustomResource";
        var type = facts.Token;
        code.Line($"[{names.Title}ResourceType(\"{(isProvider ? "pulumi:providers:" : "")}{type}\")]");
        code.Obsolete(declaration.Deprecation);
        using var block = code.Open($"public class {name} : {baseClass}");
        foreach (var member in declaration.Members)
        {
            code.Line($"[Output(\"{member.Name}\")]");
            code.Obsolete(member.Deprecation);
            code.Line($"public Output<{types.Output(member, Shape.ResourceOutput, name)}> {names.Dialect.Property(name, member.Name)} {{ get; private set; }} = null!;");
            code.Line();
        }
        var parameter = args.HasRequiredMember && !names.IsKubernetes ? $"{argsClass} args" : $"{argsClass}? args = null";
        code.Line($"public {name}(string name, {parameter}, CustomResourceOptions? options = null)");
        var given = facts.Constants.IsEmpty ? $"args ?? new {argsClass}()" : "MakeArgs(args)";
        using (code.Open($"    : base(\"{type}\", name, {given}, MakeResourceOptions(options, null))"))
        {
        }
        if (!isProvider)
        {
            WriteGet(code, name, type, declarations.Objects.ContainsKey($"{name}State"));
        }
        if (!facts.Constants.IsEmpty)
        {
            WriteMakeArgs(code, name, argsClass, facts);
        }
        WriteOptions(code, facts);
    }

    private static void WriteGet(CodeWriter code, string name, string type, bool hasState)
    {
        var (parameter, argument) = hasState ? ($"{name}State? state = null, ", "state, ") : ("", "");
        code.Line();
        var stateParameter = hasState ? $"{name}State? state, " : "";
        code.Line($"private {name}(string name, Input<string> id, {stateParameter}CustomResourceOptions? options)");
        using (code.Open($"    : base(\"{type}\", name, {(hasState ? "state" : "null")}, MakeResourceOptions(options, id))"))
        {
        }
        code.Line();
        code.Line($"public static {name} Get(string name, Input<string> id, {parameter}CustomResourceOptions? options = null) => new(name, id, {argument}options);");
    }

    private void WriteMakeArgs(CodeWriter code, string name, string argsClass, ResourceFacts facts)
    {
        code.Line();
        using var block = code.Open($"private static global::Pulumi.ResourceArgs MakeArgs({argsClass}? args)");
        code.Line("args ??= new();");
        foreach (var (property, value) in facts.Constants)
        {
            code.Line($"args.{names.Dialect.Property(name, property)} = {CodeWriter.Quote(value)};");
        }
        code.Line("return args;");
    }

    private static void WriteOptions(CodeWriter code, ResourceFacts facts)
    {
        code.Line();
        using var block = code.Open("private static CustomResourceOptions MakeResourceOptions(CustomResourceOptions? options, Input<string>? id)");
        using (code.Open("var defaults = new CustomResourceOptions"))
        {
            code.Line("Version = Utilities.Version,");
            List(code, "Aliases", facts.AliasTypes.Select(alias => $"new global::Pulumi.Alias {{ Type = {CodeWriter.Quote(alias)} }}"));
            List(code, "AdditionalSecretOutputs", facts.AdditionalSecretOutputs.Select(CodeWriter.Quote));
            List(code, "ReplaceOnChanges", facts.ReplaceOnChanges.Select(CodeWriter.Quote));
        }
        code.Line(";");
        code.Line("var merged = CustomResourceOptions.Merge(defaults, options);");
        code.Line("merged.Id = id ?? merged.Id;");
        code.Line("return merged;");
    }

    private static void List(CodeWriter code, string property, IEnumerable<string> items)
    {
        var all = items.ToImmutableArray();
        if (!all.IsEmpty)
        {
            code.Line($"{property} = {{ {string.Join(", ", all)} }},");
        }
    }
}
