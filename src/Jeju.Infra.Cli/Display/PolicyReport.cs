using System.Globalization;
using System.Text;
using System.Text.Json;
using Jeju.Infra.Core;
using Jeju.Infra.Policy;
using Spectre.Console;

namespace Jeju.Infra.Cli.Display;

/// <summary>Writes what the rules of the house say about a plan.</summary>
internal static class PolicyReport
{
    /// <summary>Lines for people: what has one rule and one way out stands together, each resource with its reason.</summary>
    public static void WriteText(IAnsiConsole page, PolicyVerdict verdict)
    {
        foreach ((string word, Color color, IReadOnlyList<PolicyFinding> findings) in ((string, Color, IReadOnlyList<PolicyFinding>)[])[
            ("refused", Color.Red, verdict.Refusals), ("warning", Color.Yellow, verdict.Warnings)])
        {
            foreach (IGrouping<(ErrorCode Code, string Remedy), PolicyFinding> alike in Alike(findings))
            {
                StyledLines.WriteLine(page, ($"{word} {alike.Key.Code}", color), ($" {Count(alike.Count())}{alike.Key.Remedy}", null));
                WriteResources(page, alike);
            }
        }

        foreach (IGrouping<(ErrorCode Code, string Justification, DateOnly? Expires), ExceptedFinding> alike in verdict.Exceptions.GroupBy(
            exception => (exception.Finding.Code, exception.Justification, exception.Expires)))
        {
            string until = alike.Key.Expires is DateOnly end ? $" (until {Day(end)})" : string.Empty;
            StyledLines.WriteLine(page, ($"allowed {alike.Key.Code}", Color.Grey), ($" {Count(alike.Count())}{alike.Key.Justification}{until}", null));
            WriteResources(page, alike.Select(exception => exception.Finding));
        }

        foreach (CostEstimate cost in verdict.Costs)
        {
            page.WriteLine($"a month on {Cost(cost)}");
        }
    }

    /// <summary>Markdown for a pull request.</summary>
    public static string ToMarkdown(PolicyVerdict verdict)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"\n#### Policy: {Summary(verdict)}\n");
        if (verdict.Refusals.Count + verdict.Warnings.Count > 0)
        {
            text.Append("\n| | rule | resource | reason |\n|---|---|---|---|\n");
            foreach (PolicyFinding finding in verdict.Refusals.Concat(verdict.Warnings))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {(finding.IsWarning ? "warning" : "**refused**")} | {finding.Code} | `{finding.Name}` ({finding.Type}) | {Cell(finding.Reason)} |\n");
            }

            text.Append('\n');
            foreach (IGrouping<(ErrorCode Code, string Remedy), PolicyFinding> alike in Alike(verdict.Refusals.Concat(verdict.Warnings)))
            {
                text.Append(CultureInfo.InvariantCulture, $"- {alike.Key.Code}: {Cell(alike.Key.Remedy)}\n");
            }
        }

        foreach (CostEstimate cost in verdict.Costs)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nA month on {Cost(cost)}.\n");
        }

        if (verdict.Exceptions.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n<details><summary>{verdict.Exceptions.Count} allowed by policyExceptions</summary>\n\n| rule | resource | justification | until |\n|---|---|---|---|\n");
            foreach (ExceptedFinding exception in verdict.Exceptions)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {exception.Finding.Code} | `{exception.Finding.Name}` | {Cell(exception.Justification)} | {(exception.Expires is DateOnly end ? Day(end) : string.Empty)} |\n");
            }

            text.Append("\n</details>\n");
        }

        return text.ToString();
    }

    /// <summary>The verdict as an object.</summary>
    public static void WriteJson(Utf8JsonWriter writer, PolicyVerdict verdict)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("passed", verdict.Refusals.Count == 0);
        WriteFindings(writer, "refusals", verdict.Refusals);
        WriteFindings(writer, "warnings", verdict.Warnings);
        writer.WriteStartArray("exceptions");
        foreach (ExceptedFinding exception in verdict.Exceptions)
        {
            writer.WriteStartObject();
            WriteFinding(writer, exception.Finding);
            writer.WriteString("justification", exception.Justification);
            if (exception.Expires is DateOnly end)
            {
                writer.WriteString("expires", Day(end));
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("monthlyCost");
        foreach (CostEstimate cost in verdict.Costs)
        {
            writer.WriteStartObject();
            writer.WriteString("cloud", cost.Cloud);
            writer.WriteNumber("expected", cost.Expected);
            writer.WriteNumber("atMost", cost.AtMost);
            if (cost.Budget is decimal budget)
            {
                writer.WriteNumber("budget", budget);
            }

            writer.WriteString("pricesOf", Day(cost.PricesOf));
            writer.WriteString("currency", "USD");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>How many of each there are.</summary>
    public static string Summary(PolicyVerdict verdict) => string.Create(
        CultureInfo.InvariantCulture, $"{verdict.Refusals.Count} refused, {verdict.Warnings.Count} warned of, {verdict.Exceptions.Count} allowed by exception");

    private static IEnumerable<IGrouping<(ErrorCode Code, string Remedy), PolicyFinding>> Alike(IEnumerable<PolicyFinding> findings) =>
        findings.GroupBy(finding => (finding.Code, finding.Remedy));

    private static string Count(int findings) => findings == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{findings} findings. ");

    private static void WriteResources(IAnsiConsole page, IEnumerable<PolicyFinding> findings)
    {
        foreach (IGrouping<string, PolicyFinding> resource in findings.GroupBy(finding => finding.Urn))
        {
            StyledLines.WriteLine(page, ($"  {resource.First().Name}  ", null), (resource.First().Type, Color.Grey));
            foreach (PolicyFinding finding in resource)
            {
                page.WriteLine($"    {finding.Reason}");
            }
        }
    }

    private static void WriteFindings(Utf8JsonWriter writer, string name, IReadOnlyList<PolicyFinding> findings)
    {
        writer.WriteStartArray(name);
        foreach (PolicyFinding finding in findings)
        {
            writer.WriteStartObject();
            WriteFinding(writer, finding);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFinding(Utf8JsonWriter writer, PolicyFinding finding)
    {
        writer.WriteString("code", finding.Code.ToString());
        writer.WriteString("urn", finding.Urn);
        writer.WriteString("reason", finding.Reason);
        writer.WriteString("remedy", finding.Remedy);
    }

    private static string Cost(CostEstimate cost) => string.Create(
        CultureInfo.InvariantCulture,
        $"{cost.Cloud}: about {cost.Expected:N0} to {cost.AtMost:N0} USD of {cost.Budget?.ToString("N0", CultureInfo.InvariantCulture) ?? "no"} budget (estimated from on-demand list prices of {Day(cost.PricesOf)})");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
