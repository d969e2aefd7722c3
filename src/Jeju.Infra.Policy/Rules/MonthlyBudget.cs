using System.Globalization;
using Jeju.Infra.Core;
using Jeju.Infra.Policy.Prices;

namespace Jeju.Infra.Policy.Rules;

/// <summary>A month at full scale costs no more than the stack's settings allow.</summary>
internal sealed class MonthlyBudget(PriceList prices) : PolicyRule(911, "no more than the budget")
{
    /// <summary>What the clouds of a plan cost.</summary>
    public static IReadOnlyList<CostEstimate> Estimate(PlanUnderReview plan, PriceList prices) =>
    [
        .. new CostCalculator(plan, prices).Calculate().GroupBy(cost => cost.Cloud).OrderBy(cloud => cloud.Key, StringComparer.Ordinal).Select(cloud => new CostEstimate(
            cloud.Key, decimal.Round(cloud.Sum(cost => cost.Expected)), decimal.Round(cloud.Sum(cost => cost.AtMost)),
            plan.MonthlyBudgets.TryGetValue(cloud.Key, out var budget) ? budget : null, prices.Date)),
    ];

    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan)
    {
        if (plan.Network.Name == NetworkName.Localnet)
        {
            yield break;
        }

        var costs = new CostCalculator(plan, prices).Calculate().ToLookup(cost => cost.Cloud);
        foreach (var estimate in Estimate(plan, prices))
        {
            if (estimate.Budget is null)
            {
                yield return Refuse(plan.RootUrn, $"There is no budget for {estimate.Cloud}.", $"Write monthlyBudget below the setting {estimate.Cloud}.");
            }
            else if (estimate.AtMost > estimate.Budget)
            {
                var largest = costs[estimate.Cloud].OrderByDescending(cost => cost.AtMost).Take(3)
                    .Select(cost => string.Create(CultureInfo.InvariantCulture, $"{cost.Resource.Name()} {cost.AtMost:N0}"));
                yield return Refuse(
                    plan.RootUrn,
                    string.Create(CultureInfo.InvariantCulture, $"A month on {estimate.Cloud} may cost {estimate.AtMost:N0} USD (at least {estimate.Expected:N0}); the budget is {estimate.Budget:N0}. The largest: {string.Join(", ", largest)}."),
                    $"Plan smaller or fewer machines, or raise monthlyBudget below the setting {estimate.Cloud}.");
            }
        }
    }
}

/// <summary>What has no price cannot be held against a budget.</summary>
internal sealed class KnownPrice(PriceList prices) : PolicyRule(912, "a price for everything")
{
    public override IEnumerable<PolicyFinding> Judge(PlanUnderReview plan) => plan.Network.Name == NetworkName.Localnet
        ? []
        : new CostCalculator(plan, prices).Calculate().Where(cost => cost.Problem is not null).Select(cost => Refuse(
            cost.Resource, cost.Problem!, "Add it to src/Jeju.Infra.Policy/Prices/prices.yaml: with a price and its source, or below 'free'."));
}
