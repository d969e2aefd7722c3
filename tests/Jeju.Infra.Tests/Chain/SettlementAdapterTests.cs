using Jeju.Infra.Chain;
using Jeju.Infra.Chain.Suite;
using Jeju.Infra.Core;

namespace Jeju.Infra.Tests.Chain;

/// <summary>What the plan places so that the chain of the contracts knows about the sequenced one.</summary>
public class SettlementAdapterTests
{
    private static readonly Address Rollup = Address.Parse("0x00000000000000000000000000000000000000a1");

    [CompiledContractsFact]
    public async Task WithoutTheRollupsContracts_NoAdapterIsPlanned_AndOnlyDoubleSigningConvicts()
    {
        SuitePlan plan = await PlanAsync(SuiteSettings.Localnet);

        Assert.False(plan.KnowsSequencerFacts);
        Assert.Equal(["DelegationAccount", "SimulatedAttestationVerifier"], plan.PlainContracts.Select(planned => planned.Name));
        PlannedAnnouncement sources = SourcesOf(plan);
        Assert.Equal(sources.Initial, sources.Expected);
    }

    [CompiledContractsFact]
    public async Task OutputOracle_GetsItsAdapterAndAQueueOverIt_AndTheSequencersAreJudgedByBoth()
    {
        SuitePlan plan = await PlanAsync(SuiteSettings.Localnet with { OutputOracle = Rollup });

        AssertPlaced(plan, "OutputOracleFacts", ("outputOracle", Rollup), Word(Rollup));
    }

    [CompiledContractsFact]
    public async Task FactoryOfDisputeGames_GetsItsAdapterWithTheTypeThatCounts()
    {
        SuitePlan plan = await PlanAsync(SuiteSettings.Localnet with { DisputeGameFactory = Rollup, DisputeGameType = 1 });

        AssertPlaced(plan, "DisputeGameFacts", ("disputeGameFactory", Rollup), Word(Rollup) + new string('0', 63) + "1");
    }

    [CompiledContractsFact]
    public async Task AnotherContractOfTheRollup_IsAnotherAdapterAtAnotherAddress()
    {
        SuitePlan first = await PlanAsync(SuiteSettings.Localnet with { DisputeGameFactory = Rollup });
        SuitePlan second = await PlanAsync(SuiteSettings.Localnet with { DisputeGameFactory = Rollup, DisputeGameType = 1 });
        SuitePlan third = await PlanAsync(SuiteSettings.Localnet with { DisputeGameFactory = Address.Parse("0x00000000000000000000000000000000000000a2") });

        string[] names = ["DisputeGameFacts", "ForcedInclusionQueue"];
        Assert.All(names, name => Assert.Equal(
            3, new[] { first, second, third }.Select(plan => plan.PlainContracts.Single(planned => planned.Name == name).Address).Distinct().Count()));
        Assert.Equal(first.Addresses.All, third.Addresses.All);
    }

    [CompiledContractsFact]
    public async Task TwoContractsThatTellOfTheOutputs_AreRefused()
    {
        InfraException error = await Assert.ThrowsAsync<InfraException>(
            () => PlanAsync(SuiteSettings.Localnet with { OutputOracle = Rollup, DisputeGameFactory = Rollup }));

        Assert.Equal("JEJU0408", error.Code.ToString());
        Assert.Equal(FailureKind.Usage, error.Kind);
    }

    private static void AssertPlaced(SuitePlan plan, string adapter, (string, Address) demands, string arguments)
    {
        Assert.True(plan.KnowsSequencerFacts);
        PlannedCode facts = plan.PlainContracts[^2];
        PlannedCode queue = plan.PlainContracts[^1];
        Assert.Equal((adapter, "ForcedInclusionQueue"), (facts.Name, queue.Name));
        Assert.Equal(demands, facts.Demands);
        Assert.Null(queue.Demands);
        Assert.Equal(arguments, Convert.ToHexStringLower(facts.CreationCode)[(2 * plan.Compiled[adapter].CreationCode.Length)..]);
        Assert.EndsWith(Word(facts.Address), Convert.ToHexStringLower(queue.CreationCode), StringComparison.Ordinal);
        PlannedAnnouncement sources = SourcesOf(plan);
        Assert.NotEqual(sources.Initial, sources.Expected);
        Assert.EndsWith(Word(facts.Address) + Word(queue.Address), Convert.ToHexStringLower(sources.Apply.Data), StringComparison.Ordinal);
    }

    private static PlannedAnnouncement SourcesOf(SuitePlan plan) =>
        plan.Contracts.Single(contract => contract.Name == "SequencerRegistry").Announcements.Single();

    private static string Word(Address address) => new string('0', 24) + Convert.ToHexStringLower(address.ToBytes());

    private static Task<SuitePlan> PlanAsync(SuiteSettings settings) =>
        SuitePlan.CreateAsync(settings, new ContractArtifacts(CompiledContractsFactAttribute.Layout), CancellationToken.None);
}
