using System.Text;
using Jeju.Infra.Core;
using Jeju.Infra.Policy.Prices;
using Jeju.Infra.Protocol.Properties;
using static Jeju.Infra.Protocol.Properties.PropertyMap;

namespace Jeju.Infra.Tests.Policy;

public sealed class MonthlyBudgetTests
{
    private const string Budget = "JEJU0911";
    private const string Price = "JEJU0912";
    private const string NodeGroup = "aws:eks/nodeGroup:NodeGroup";

    [Fact]
    public void What_may_cost_more_than_the_budget_is_refused_with_the_largest_of_it() => Assert.Equal(
        ["jeju-infra-testnet: A month on aws may cost 6,170 USD (at least 617); the budget is 5,000. The largest: nodes 6,170."],
        Nodes(5000).Refusals(Budget));

    [Fact]
    public void What_fits_passes_and_is_told()
    {
        var verdict = Nodes(7000).Judge();

        Assert.DoesNotContain(verdict.Refusals, finding => finding.Code.ToString() is Budget or Price);
        Assert.Equal(("aws", 617m, 6170m, 7000m), (verdict.Costs[0].Cloud, verdict.Costs[0].Expected, verdict.Costs[0].AtMost, verdict.Costs[0].Budget));
    }

    [Fact]
    public void A_cloud_without_a_budget_is_refused() => Assert.Equal(
        ["jeju-infra-testnet: There is no budget for gcp."],
        new PlanOfResources().With("gcp:dns/managedZone:ManagedZone", "zone", Empty).Refusals(Budget));

    [Fact]
    public void A_type_that_the_list_does_not_know_is_refused() => Assert.Equal(
        ["stream: The price list does not know the type."],
        new PlanOfResources { MonthlyBudgets = { ["aws"] = 10 } }.With("aws:kinesis/stream:Stream", "stream", Empty).Refusals(Price));

    [Fact]
    public void A_machine_that_the_list_does_not_know_is_refused() => Assert.Equal(
        ["nodes: The price list has no price 'aws.ec2.u7i.metal'."],
        new PlanOfResources { MonthlyBudgets = { ["aws"] = 10 } }.With(NodeGroup, "nodes", Group("u7i.metal")).With("aws:ec2/vpc:Vpc", "net", Empty).Refusals(Price));

    [Fact]
    public void What_runs_on_Kubernetes_costs_its_volumes()
    {
        var plan = new PlanOfResources { MonthlyBudgets = { ["aws"] = 1000 } }
            .With("kubernetes:apps/v1:StatefulSet", "geth", Of(("spec", Of(("replicas", 2.0), ("volumeClaimTemplates",
                PropertyList.Create([Of(("spec", Of(("resources", Of(("requests", Of(("storage", "1000Gi"))))))))]))))))
            .With("kubernetes:core/v1:Service", "geth-service", Empty);

        Assert.Equal(189m, Assert.Single(plan.Judge().Costs).AtMost);
    }

    [Fact]
    public void A_disk_of_a_node_group_is_found_through_its_template()
    {
        var plan = new PlanOfResources { MonthlyBudgets = { ["aws"] = 10_000 } }
            .With("aws:ec2/launchTemplate:LaunchTemplate", "template", Of(("blockDeviceMappings", PropertyList.Create([Of(("ebs", Of(("volumeSize", 1000.0))))]))))
            .With(NodeGroup, "nodes", Group("m6a.4xlarge"), from: new() { ["launchTemplate"] = "template" });

        Assert.Equal(562m + 88m, Assert.Single(plan.Judge().Costs).Expected);
    }

    [Fact]
    public void Nothing_of_a_localnet_costs_anything() => Assert.DoesNotContain(
        new PlanOfResources { Network = NetworkProfile.Localnet }.With("aws:kinesis/stream:Stream", "stream", Empty).Judge().Refusals,
        finding => finding.Code.ToString() is Budget or Price);

    [Fact]
    public void A_price_without_its_source_is_no_price()
    {
        using MemoryStream list = new(Encoding.UTF8.GetBytes("date: 2025-06-30\nregions: { aws: eu-west-1 }\nprices:\n  a: { price: 1, unit: hour }\ntypes: {}\nfree: {}\n"));

        Assert.Contains("'source' is missing", Assert.Throws<InfraException>(() => PriceList.Read(list)).Message, StringComparison.Ordinal);
    }

    private static PlanOfResources Nodes(decimal budget) => new PlanOfResources { MonthlyBudgets = { ["aws"] = budget } }
        .With("aws:ec2/launchTemplate:LaunchTemplate", "template", Of(("blockDeviceMappings", PropertyList.Create([Of(("ebs", Of(("volumeSize", 620.0))))]))))
        .With(NodeGroup, "nodes", Group("m6a.4xlarge", 10), from: new() { ["launchTemplate"] = "template" });

    private static PropertyMap Group(string machine, double most = 1) => Of(
        ("instanceTypes", PropertyList.Create([machine])), ("scalingConfig", Of(("minSize", 1.0), ("maxSize", most))), ("launchTemplate", Of(("id", PropertyValue.Unknown))));
}
