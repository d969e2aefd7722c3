using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Bindings;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.EndToEnd.Chain;

/// <summary>The adapters to a rollup's contracts are placed, named and taken away by the settings alone.</summary>
public class SettlementAdapterTests
{
    [FoundryFact]
    public async Task Adapters_AreFirstRefusedForWhatIsNotThere_ThenPlacedAndWired_AndLeftOutAgain()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        TransactionPipeline pipeline = await anvil.OpenPipelineAsync(AnvilAccounts.Deployer);
        SuitePlan without = await PlanAsync(SuiteSettings.Localnet);
        await new SuiteDeployment(without, pipeline).ApplyAsync(CancellationToken.None);

        // Nobody is there.
        SuitePlan wrong = await PlanAsync(SuiteSettings.Localnet with { OutputOracle = AnvilAccounts.All[8].Address });
        InfraException refusal = await Assert.ThrowsAsync<InfraException>(() => new SuiteDeployment(wrong, pipeline).ApplyAsync(CancellationToken.None));
        Assert.Equal("JEJU0409", refusal.Code.ToString());
        Assert.Contains("outputOracle", refusal.Message, StringComparison.Ordinal);

        // The adapters ask only for code; the keyless deployer has some.
        SuitePlan oracle = await PlanAsync(SuiteSettings.Localnet with { OutputOracle = Create2.KeylessDeployer });
        Assert.Equal(
            ["ForcedInclusionQueue", "OutputOracleFacts", "SequencerRegistry"],
            (await InspectAsync(anvil, oracle)).Deviations.Select(deviation => deviation.Contract).Order());
        SuiteDeploymentResult placed = await new SuiteDeployment(oracle, pipeline).ApplyAsync(CancellationToken.None);
        SuiteDeploymentResult again = await new SuiteDeployment(oracle, pipeline).ApplyAsync(CancellationToken.None);
        Assert.True(placed.Inspection.IsAsPlanned, string.Join('\n', placed.Inspection.Deviations));
        Assert.Equal(0, again.Transactions);
        Assert.Equal(Create2.KeylessDeployer, await anvil.Client.QueryAsync(new OutputOracleFactsContract(AddressOf(oracle, "OutputOracleFacts")).ORACLE(), CancellationToken.None));
        Assert.Equal(
            AddressOf(oracle, "OutputOracleFacts"),
            await anvil.Client.QueryAsync(new ForcedInclusionQueueContract(AddressOf(oracle, "ForcedInclusionQueue")).OUTPUTS(), CancellationToken.None));

        // The rollup moves on to dispute games: other adapters, and the sequencers' registry is told.
        SuitePlan games = await PlanAsync(SuiteSettings.Localnet with { DisputeGameFactory = Create2.KeylessDeployer, DisputeGameType = 1 });
        SuiteDeploymentResult moved = await new SuiteDeployment(games, pipeline).ApplyAsync(CancellationToken.None);
        Assert.True(moved.Inspection.IsAsPlanned, string.Join('\n', moved.Inspection.Deviations));
        Assert.Equal(1U, await anvil.Client.QueryAsync(new DisputeGameFactsContract(AddressOf(games, "DisputeGameFacts")).GAME_TYPE(), CancellationToken.None));

        // And without the settings nothing counts any more.
        Assert.Equal(("SequencerRegistry", "fact sources"), Assert.Single((await InspectAsync(anvil, without)).Deviations.Select(one => (one.Contract, one.Subject))));
        Assert.True((await new SuiteDeployment(without, pipeline).ApplyAsync(CancellationToken.None)).Inspection.IsAsPlanned);
    }

    [FoundryFact]
    public async Task Suite_ThatIsDeployedWithAdapters_HasThemFromTheFirstWiringOn()
    {
        await using TestAnvil anvil = await TestAnvil.StartAsync();
        SuitePlan plan = await PlanAsync(SuiteSettings.Localnet with { DisputeGameFactory = Create2.KeylessDeployer });
        SuiteDeployment deployment = new(plan, await anvil.OpenPipelineAsync(AnvilAccounts.Deployer));

        int planned = (await deployment.PlanCallsAsync(CancellationToken.None)).Count;
        SuiteDeploymentResult result = await deployment.ApplyAsync(CancellationToken.None);

        Assert.True(result.Inspection.IsAsPlanned, string.Join('\n', result.Inspection.Deviations));
        Assert.Equal(planned, result.Transactions);
    }

    private static Address AddressOf(SuitePlan plan, string contract) => plan.PlainContracts.Single(planned => planned.Name == contract).Address;

    private static Task<SuiteInspection> InspectAsync(TestAnvil anvil, SuitePlan plan) =>
        new SuiteInspector(anvil.Client, plan).InspectAsync(CancellationToken.None);

    private static Task<SuitePlan> PlanAsync(SuiteSettings settings) =>
        SuitePlan.CreateAsync(settings, new ContractArtifacts(FoundryFactAttribute.Layout), CancellationToken.None);
}
