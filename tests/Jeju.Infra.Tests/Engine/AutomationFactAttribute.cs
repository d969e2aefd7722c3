using Pulumi.Automation;

namespace Jeju.Infra.Tests.Engine;

/// <summary>Whether the automation API can run programs here: the stand-in brings its engine along, the official one calls the <c>pulumi</c> command.</summary>
internal static class AutomationEngine
{
    /// <summary>Why there is no engine; null where there is one.</summary>
    public static readonly string? WhyNot =
        typeof(LocalWorkspace).Assembly.GetReferencedAssemblies().Any(assembly => assembly.Name == "Jeju.Infra.Engine")
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pulumi")))
            ? null
            : "the official automation API needs the pulumi command, which is not installed";
}

/// <summary>A test that runs a program through the automation API; where that has no engine, the test is skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AutomationFactAttribute : FactAttribute
{
    public AutomationFactAttribute() => Skip = AutomationEngine.WhyNot;
}
