using Jeju.Infra.Chain;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

/// <summary>A test that needs the compiler's output; it is skipped, with the way out, where the contracts were not compiled.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompiledContractsFactAttribute : FactAttribute
{
    public CompiledContractsFactAttribute()
    {
        if (!new ContractArtifacts(Layout).Has("SuiteFactory"))
        {
            Skip = "The contracts are not compiled: run ./jeju build.";
        }
    }

    internal static RepositoryLayout Layout { get; } = RepositoryLayout.Find(AppContext.BaseDirectory);
}
