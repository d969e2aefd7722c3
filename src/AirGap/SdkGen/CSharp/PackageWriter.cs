namespace Jeju.Infra.AirGap.SdkGen.CSharp;

/// <summary>Writes what all classes of a package share.</summary>
internal static class PackageWriter
{
    public static void Write(CodeWriter code, PackageNames names, string version)
    {
        using var space = code.Open($"namespace {names.Root}");
        code.Line("[System.AttributeUsage(System.AttributeTargets.Class)]");
        code.Line($"internal sealed class {names.Title}ResourceTypeAttribute(string type) : ResourceTypeAttribute(type, Utilities.Version);");
        code.Line();
        if (names.IsKubernetes)
        {
            code.Line("public abstract class KubernetesResource : global::Pulumi.CustomResource");
            using (code.Open(""))
            {
                code.Line("internal KubernetesResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options)");
                code.Line("    : base(type, name, args, options) { }");
            }
        }
        using var utilities = code.Open("internal static class Utilities");
        code.Line($"public const string Version = \"{version}\";");
        code.Line();
        using (code.Open("public static string? GetEnv(params string[] names)"))
        {
            code.Line("return System.Linq.Enumerable.FirstOrDefault(System.Linq.Enumerable.Select(names, System.Environment.GetEnvironmentVariable), value => !string.IsNullOrEmpty(value));");
        }
        code.Line("public static Input<string>? GetEnvInput(params string[] names) => GetEnv(names) is { } value ? value : null;");
        code.Line("public static bool? GetEnvBoolean(params string[] names) => GetEnv(names) is { } value ? value is \"1\" or \"t\" or \"T\" or \"true\" or \"TRUE\" or \"True\" : null;");
        code.Line("public static int? GetEnvNumber(params string[] names) => GetEnv(names) is { } value ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : null;");
        code.Line();
        code.Line("public static Input<T>? Secret<T>(Input<T>? value) => value is null ? null : Output.CreateSecret(value.ToOutput());");
        code.Line("public static InputList<T> Secret<T>(InputList<T> value) => Output.CreateSecret(value.ToOutput());");
        code.Line("public static InputMap<T> Secret<T>(InputMap<T> value) => Output.CreateSecret(value.ToOutput());");
        code.Line("public static InputUnion<T0, T1>? Secret<T0, T1>(InputUnion<T0, T1>? value) => value is null ? null : Output.CreateSecret(value.ToOutput());");
        code.Line();
        foreach (var options in new[] { "InvokeOptions", "InvokeOutputOptions" })
        {
            var nullable = options == "InvokeOptions" ? "?" : "";
            using var method = code.Open($"public static {options} WithDefaults({options}{nullable} given)");
            code.Line($"return new {options}");
            using (code.Open(""))
            {
                code.Line("Parent = given?.Parent,");
                code.Line("Provider = given?.Provider,");
                code.Line("PluginDownloadURL = given?.PluginDownloadURL,");
                code.Line("Version = given?.Version ?? Version,");
                if (options == "InvokeOutputOptions")
                {
                    code.Line("DependsOn = given!.DependsOn,");
                }
            }
            code.Line(";");
        }
    }
}
