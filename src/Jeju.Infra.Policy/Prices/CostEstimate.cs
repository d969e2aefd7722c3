namespace Jeju.Infra.Policy;

/// <summary>What a month of one cloud costs by the price list: an estimate, not an offer.</summary>
/// <param name="Cloud">The cloud: <c>aws</c> or <c>gcp</c>.</param>
/// <param name="Expected">With everything at its smallest, in US dollars.</param>
/// <param name="AtMost">With everything at full scale, in US dollars.</param>
/// <param name="Budget">What the stack's settings allow; null where they say nothing.</param>
/// <param name="PricesOf">The day of which the prices are.</param>
public sealed record CostEstimate(string Cloud, decimal Expected, decimal AtMost, decimal? Budget, DateOnly PricesOf);
