using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>A test against Foundry's real tools; skipped, with the way out, where npm did not install them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FoundryFactAttribute : FactAttribute
{
    public FoundryFactAttribute()
    {
        if (!File.Exists(Layout.FoundryTool("anvil")) || !File.Exists(Layout.FoundryTool("cast")))
        {
            Skip = "Foundry's tools are not installed: run ./jeju build.";
        }
        else if (!new Jeju.Infra.Chain.ContractArtifacts(Layout).Has("SuiteFactory"))
        {
            Skip = "The contracts are not compiled: run ./jeju build.";
        }
    }

    internal static RepositoryLayout Layout { get; } = RepositoryLayout.Find(AppContext.BaseDirectory);
}
