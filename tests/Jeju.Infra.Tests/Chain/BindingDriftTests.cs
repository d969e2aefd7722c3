using Jeju.Infra.Chain.Codegen;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

public class BindingDriftTests
{
    /// <summary>Set it to accept the generated files instead of comparing them.</summary>
    private const string AcceptVariable = "JEJU_ACCEPT_GENERATED";

    [CompiledContractsFact]
    public async Task Bindings_EqualWhatTheCompiledContractsGive()
    {
        RepositoryLayout layout = CompiledContractsFactAttribute.Layout;
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            await BindingGenerator.WriteAsync(layout, CancellationToken.None);
            return;
        }

        IReadOnlyDictionary<string, string> files = await BindingGenerator.GenerateAsync(layout, CancellationToken.None);
        IReadOnlyList<string> drifted = await BindingGenerator.FindDriftAsync(layout, files, CancellationToken.None);

        Assert.True(drifted.Count == 0, $"Run `./jeju build --bindings` and commit src/Jeju.Infra.Chain/Bindings: {string.Join(", ", drifted)} differ.");
    }
}
