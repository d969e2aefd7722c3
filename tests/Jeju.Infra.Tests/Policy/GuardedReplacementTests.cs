using Jeju.Infra.Core;
using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Policy;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

public sealed class GuardedReplacementTests
{
    private const string Code = "JEJU0906";
    private const string Database = "aws:rds/instance:Instance";

    [Theory]
    [InlineData("aws:eks/cluster:Cluster", "cluster")]
    [InlineData(Database, "database")]
    [InlineData("gcp:kms/cryptoKey:CryptoKey", "key")]
    [InlineData("jeju:index:ContractSuite", "set of contract proxies")]
    [InlineData("jeju:index:ProvisionedNode", "funded lease")]
    public void What_others_rely_on_is_neither_replaced_nor_deleted(string type, string word)
    {
        Assert.Equal([$"thing: The {word} would be replaced, because owner changes."], Plan(Step(StepOperation.Replace, type, "owner")).Refusals(Code));
        Assert.Equal([$"thing: The {word} would be deleted."], Plan(Step(StepOperation.Delete, type)).Refusals(Code));
    }

    [Fact]
    public void A_change_that_the_cloud_answers_with_a_replacement_counts_as_one() => Assert.Equal(
        ["thing: The database would be replaced, because kmsKeyId changes."],
        Plan(Step(StepOperation.Update, Database, "kmsKeyId", "instanceClass")).Refusals(Code));

    [Fact]
    public void A_change_in_place_passes() => Assert.Empty(Plan(Step(StepOperation.Update, Database, "instanceClass")).Refusals(Code));

    [Fact]
    public void On_ones_own_machine_everything_can_be_made_anew() => Assert.Empty(
        Plan(NetworkProfile.Localnet, Step(StepOperation.Delete, "jeju:index:ProvisionedNode")).Refusals(Code));

    [Fact]
    public void An_override_with_its_reason_lets_it_go() => Assert.Empty(
        Plan(Step(StepOperation.Delete, Database))
            .Judge(new PolicyException(Code, "thing", "Its data moved to the other cloud on Tuesday.", Expires: null))
            .Refusals);

    [Fact]
    public void An_override_waits_where_there_is_no_history_to_compare_with() => Assert.Empty(
        new PlanOfResources().Judge(new PolicyException(Code, "thing", "Its data moved to the other cloud on Tuesday.", Expires: null)).Refusals);

    private static PlanOfResources Plan(params ResourceStep[] steps) => Plan(NetworkProfile.Testnet, steps);

    private static PlanOfResources Plan(NetworkProfile network, params ResourceStep[] steps)
    {
        PlanOfResources plan = new() { Network = network };
        plan.Steps.AddRange(steps);
        return plan;
    }

    private static ResourceStep Step(StepOperation operation, string type, params string[] paths)
    {
        ResourceState state = new() { Urn = Urn.Create("testnet", "jeju-infra", null, type, "thing"), Type = type, Custom = true };
        return new ResourceStep(
            operation, state.Urn, state, operation == StepOperation.Delete ? null : state,
            [.. paths.Select(path => new PropertyDifference(path, DifferenceKind.Changed, "a", "b", ForcesReplacement: operation == StepOperation.Replace))]);
    }
}
