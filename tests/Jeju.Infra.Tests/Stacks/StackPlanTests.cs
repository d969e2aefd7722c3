using Jeju.Infra.Core;
using Jeju.Infra.Stacks;
using Jeju.Infra.Stacks.Settings;
using Jeju.Infra.Tests.Architecture;
using Jeju.Infra.Tests.Golden;
using Pulumi;
using Pulumi.Testing;

namespace Jeju.Infra.Tests.Stacks;

public sealed class StackPlanTests
{
    [Fact]
    public async Task The_plan_of_localnet_changes_only_on_purpose()
    {
        var planned = await PlanAsync("localnet", () => LocalnetStack.Define(Read<LocalnetSettings>("localnet")));

        GoldenFile.Verify("localnet.plan.json", planned.ToJson());
    }

    [Theory]
    [InlineData("testnet")]
    [InlineData("mainnet")]
    public async Task The_plan_of_a_public_network_changes_only_on_purpose(string stack)
    {
        var planned = await PlanAsync(stack, () => MarketStack.Define(ReadMarket(stack), NetworkProfile.ForStack(stack)));

        GoldenFile.Verify($"{stack}.market.plan.json", planned.ToJson());
    }

    [Fact]
    public async Task A_localnet_has_no_cloud_resource_and_no_secret_in_its_plan()
    {
        var planned = await PlanAsync("localnet", () => LocalnetStack.Define(new LocalnetSettings()));

        Assert.All(planned.Names, name => Assert.StartsWith("jeju:", name, StringComparison.Ordinal));
        Assert.DoesNotContain("privateKey", planned.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_localnet_without_services_or_delegation_orders_and_lends_nothing()
    {
        var planned = await PlanAsync("localnet", () => LocalnetStack.Define(new LocalnetSettings { Services = [], Delegation = 0 }));

        Assert.DoesNotContain(planned.Names, name => name.StartsWith("jeju:index:ProvisionedNode", StringComparison.Ordinal));
        Assert.DoesNotContain(planned.Names, name => name.StartsWith("jeju:index:Delegation", StringComparison.Ordinal));
        Assert.DoesNotContain(planned.Names, name => name.StartsWith("jeju:index:ServiceImages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_operator_in_the_settings_brings_the_networks_own_node()
    {
        var settings = ReadMarket("testnet") with
        {
            Operator = new SignerSettings { Type = SignerKind.Environment, Key = "JEJU_OPERATOR_KEY" },
            AgentAddress = Address.Parse("0x00000000000000000000000000000000000000aa"),
        };

        var planned = await PlanAsync("testnet", () => MarketStack.Define(settings, NetworkProfile.Testnet));

        Assert.Contains("jeju:index:ProviderNode::node-node", planned.Names);
        Assert.Contains("jeju:index:NodeOperator::node-stake", planned.Names);
    }

    /// <summary>A second node has an operator, a stake and an agent of its own: what the first one loses, it keeps.</summary>
    [Fact]
    public async Task A_standby_node_shares_nothing_with_the_first_and_is_refused_where_it_would()
    {
        var settings = Read<MarketSettings>("mainnet");
        var standby = settings.StandbyNode!;

        var planned = await PlanAsync("mainnet", () => MarketStack.Define(settings with { Aws = null, Gcp = null }, NetworkProfile.Mainnet));

        Assert.Subset(
            planned.Names.ToHashSet(),
            new HashSet<string> { "jeju:index:ProviderNode::node-node", "jeju:index:NodeOperator::node-stake", "jeju:index:ProviderNode::standby-node-node", "jeju:index:NodeOperator::standby-node-stake" });
        Assert.Empty(standby.CheckIn(settings));
        Assert.Equal(["standbyNode"], PathsOf(settings with { Gcp = null }, standby));
        Assert.Equal(["standbyNode"], PathsOf(settings with { Operator = null }, standby));
        Assert.Equal(["standbyNode", "operator", "key"], PathsOf(settings, standby with { Operator = settings.Operator! }));
        Assert.Equal(["standbyNode", "operator", "key"], PathsOf(settings, standby with { Operator = settings.Consumer }));
        Assert.Equal(["standbyNode", "agentAddress"], PathsOf(settings, standby with { AgentAddress = settings.AgentAddress!.Value }));
    }

    private static IEnumerable<object> PathsOf(MarketSettings settings, StandbyNodeSettings standby) => Assert.Single(standby.CheckIn(settings)).Path;

    private static async Task<PlannedResources> PlanAsync(string stack, Func<IDictionary<string, object?>> define)
    {
        var planned = new PlannedResources();
        await Deployment.TestAsync(planned, new TestOptions { ProjectName = "jeju-infra", StackName = stack, IsPreview = false }, define);
        return planned;
    }

    /// <summary>Phase 2 alone: what the clouds plan is tested through the preview, with unknown outputs as a cloud gives them.</summary>
    private static MarketSettings ReadMarket(string stack) => Read<MarketSettings>(stack) with { Aws = null, Gcp = null };

    private static TSettings Read<TSettings>(string stack)
        where TSettings : class
    {
        var file = SettingsFile.Read(Checkout.Layout.StackSettingsFile(stack));
        return new SettingsReader(file, NetworkProfile.ForStack(stack)).Read<TSettings>(file.Keys.ToDictionary(key => key, key => file.Text(key) ?? ""));
    }
}
