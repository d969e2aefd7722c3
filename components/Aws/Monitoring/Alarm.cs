using Pulumi;

namespace Jeju.Infra.Components.Aws;

/// <summary>One condition on a CloudWatch metric that somebody is told about.</summary>
/// <param name="Name">The stem of the alarm's name.</param>
/// <param name="Description">What is wrong, and what to look at first.</param>
/// <param name="Namespace">The metric's namespace, for example <c>AWS/RDS</c>.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Statistic"><c>Average</c>, <c>Maximum</c>, <c>Minimum</c> or <c>Sum</c>.</param>
/// <param name="Comparison">CloudWatch's comparison operator.</param>
/// <param name="Threshold">The bound, in the metric's unit.</param>
/// <param name="PeriodSeconds">The length of one measurement, a multiple of 60.</param>
/// <param name="Periods">How many measurements in a row must be out of bounds.</param>
internal sealed record Alarm(
    string Name,
    string Description,
    string Namespace,
    string Metric,
    string Statistic,
    string Comparison,
    double Threshold,
    int PeriodSeconds = 60,
    int Periods = 5)
{
    /// <summary>Which thing is measured.</summary>
    public InputMap<string> Dimensions { get; init; } = [];

    /// <summary>What silence means: <c>missing</c>, <c>breaching</c> or <c>notBreaching</c>.</summary>
    public string MissingData { get; init; } = "missing";
}
