using Jeju.Infra.AirGap.SdkGen.Declarations;

namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>Writes a function of a provider: two ways to call it, its arguments and its answer.</summary>
internal sealed class FunctionWriter(PackageNames names, TypeWriter typeWriter)
{
    public void Write(CodeWriter code, string[] module, string name, DeclarationFile declarations, string token)
    {
        var plain = declarations.Objects.GetValueOrDefault($"{name}Args");
        var later = declarations.Objects.GetValueOrDefault($"{name}OutputArgs");
        var result = declarations.Objects[$"{name}Result"];
        using var space = code.Open($"namespace {names.Module(module)}");
        using (code.Open($"public static class {name}"))
        {
            Call(code, $"public static System.Threading.Tasks.Task<{name}Result> InvokeAsync", "InvokeAsync", name, token, plain, $"{name}Args", "InvokeOptions? options = null");
            Call(code, $"public static Output<{name}Result> Invoke", "Invoke", name, token, later, $"{name}InvokeArgs", "InvokeOptions? options = null");
            Call(code, $"public static Output<{name}Result> Invoke", "Invoke", name, token, later, $"{name}InvokeArgs", "InvokeOutputOptions options");
        }
        if (plain is not null)
        {
            typeWriter.Plain(code, $"{name}Args", plain, name);
        }
        if (later is not null)
        {
            typeWriter.Inputs(code, $"{name}InvokeArgs", later, name, Shape.FunctionInput, "global::Pulumi.InvokeArgs");
        }
        typeWriter.Outputs(code, $"{name}Result", result, name, Shape.FunctionOutput);
    }

    private static void Call(CodeWriter code, string head, string method, string name, string token, ObjectDeclaration? args, string argsClass, string options)
    {
        var optional = options.EndsWith("null", StringComparison.Ordinal);
        var parameter = args is null ? "" : args.HasRequiredMember || !optional ? $"{argsClass} args, " : $"{argsClass}? args = null, ";
        var given = args is null ? "global::Pulumi.InvokeArgs.Empty" : $"args ?? new {argsClass}()";
        code.Line($"{head}({parameter}{options}) =>");
        code.Line($"    global::Pulumi.Deployment.Instance.{method}<{name}Result>(\"{token}\", {given}, Utilities.WithDefaults(options))!;");
    }
}
