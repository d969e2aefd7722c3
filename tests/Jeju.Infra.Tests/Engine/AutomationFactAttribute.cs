using Pulumi.Automation;

namespace Jeju.Infra.Tests.Engine;

/// <summary>Which engine the automation API has here: the stand-in brings the embedded one along, the official one calls the <c>pulumi</c> command.</summary>
internal static class AutomationEngine
{
    /// <summary>Why it is not the embedded engine, for whose ways the tests are written; null where it is.</summary>
    public static readonly string? WhyNotEmbedded =
        typeof(LocalWorkspace).Assembly.GetReferencedAssemblies().Any(assembly => assembly.Name == "Jeju.Infra.Engine")
            ? null
            : "the official automation API calls pulumi, which builds the program itself and asks for a backend and for the clouds' plugins";
}

/// <summary>A test that runs a program through the automation API on the embedded engine; where that API is Pulumi's own, the test is skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AutomationFactAttribute : FactAttribute
{
    public AutomationFactAttribute() => Skip = AutomationEngine.WhyNotEmbedded;
}
