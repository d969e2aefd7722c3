using System.Globalization;
using System.Text.RegularExpressions;
using Jeju.Infra.Engine.Plans;

namespace Jeju.Infra.Policy.Prices;

/// <summary>What one resource costs in a month.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Cloud">Who sends the bill.</param>
/// <param name="Expected">At its smallest, in US dollars.</param>
/// <param name="AtMost">At full scale, in US dollars.</param>
/// <param name="Problem">Why it has no price; null where it has one.</param>
internal sealed record ResourceCost(PlannedResource Resource, string Cloud, decimal Expected, decimal AtMost, string? Problem);

/// <summary>Multiplies what is planned by what it costs.</summary>
internal sealed partial class CostCalculator(PlanUnderReview plan, PriceList prices)
{
    /// <summary>The cost of every resource that has one, or should have.</summary>
    public IEnumerable<ResourceCost> Calculate()
    {
        foreach (var resource in plan.Resources)
        {
            var cloud = CloudOf(resource);
            if (prices.LinesOf(resource.Type) is not { } lines)
            {
                yield return new ResourceCost(resource, cloud, 0, 0, "The price list does not know the type.");
                continue;
            }

            decimal expected = 0, atMost = 0;
            string? problem = null;
            foreach (var line in lines)
            {
                var key = InputInBraces().Replace(line.Price, input => input.Groups[1].Value == "cloud" ? cloud : resource.Text(input.Groups[1].Value) ?? "?");
                if (prices.Find(key) is not { } price)
                {
                    problem ??= $"The price list has no price '{key}'.";
                }
                else if (Quantity(resource, line.Quantity) is not { } least || Quantity(resource, line.AtMost) is not { } most)
                {
                    problem ??= $"How much of '{key}' it takes cannot be read from the plan.";
                }
                else
                {
                    expected += price * least;
                    atMost += price * Math.Max(least, most);
                }
            }

            if (lines.Count > 0)
            {
                yield return new ResourceCost(resource, cloud, expected, atMost, problem);
            }
        }
    }

    /// <summary>What runs on Kubernetes is billed by the cloud of its cluster, whose name its provider has.</summary>
    private string CloudOf(PlannedResource resource)
    {
        var package = resource.Type.Split(':', 2)[0];
        return package is "aws" or "gcp" ? package : resource.Provider.Contains("gcp", StringComparison.Ordinal) ? "gcp" : "aws";
    }

    private decimal? Quantity(PlannedResource resource, string expression)
    {
        decimal product = 1;
        foreach (var factor in expression.Split('*', StringSplitOptions.TrimEntries))
        {
            if (Factor(resource, factor) is not { } value)
            {
                return null;
            }

            product *= value;
        }

        return product;
    }

    private decimal? Factor(PlannedResource resource, string factor)
    {
        if (decimal.TryParse(factor, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        if (Choice().Match(factor) is { Success: true } choice)
        {
            return decimal.Parse(
                choice.Groups[resource.Text(choice.Groups["path"].Value) == choice.Groups["value"].Value ? "then" : "else"].ValueSpan, CultureInfo.InvariantCulture);
        }

        if (factor[0] == '@')
        {
            var (reference, rest) = (factor[1..factor.IndexOf('.', StringComparison.Ordinal)], factor[(factor.IndexOf('.', StringComparison.Ordinal) + 1)..]);
            return resource.Sources(reference).Select(plan.Find).OfType<PlannedResource>().Select(other => Factor(other, rest)).FirstOrDefault(value => value is not null);
        }

        var parts = factor.Split('|', 2);
        var values = resource.Each(parts[0]).Select(value => value.AsNumber() ?? Gigabytes(value.AsText())).ToList();
        return values.Count == 0
            ? parts.Length == 2 ? decimal.Parse(parts[1], CultureInfo.InvariantCulture) : null
            : values.Aggregate((decimal?)0, (sum, value) => sum + value);
    }

    /// <summary>A size as Kubernetes writes it, in gigabytes.</summary>
    private static decimal? Gigabytes(string? text) => text is not null && Size().Match(text) is { Success: true } size
        ? decimal.Parse(size.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * size.Groups[2].Value switch { "Ti" => 1100m, "T" => 1000m, "Gi" => 1.074m, "G" => 1m, "Mi" or "M" => 0.001m, _ => 1m }
        : null;

    [GeneratedRegex(@"\{([\w.]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex InputInBraces();

    [GeneratedRegex(@"^(?<path>[\w.]+)=(?<value>\w+)\?(?<then>\d+):(?<else>\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Choice();

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)(Ti|T|Gi|G|Mi|M)$", RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
