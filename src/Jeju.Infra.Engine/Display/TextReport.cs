using System.Globalization;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine.Display;

/// <summary>Renders a report as lines for a terminal or a file: a tree of what changes, with the properties that do.</summary>
public static class TextReport
{
    private static readonly (StepOperation Operation, string Will, string Did)[] Words =
    [
        (StepOperation.Create, "to create", "created"),
        (StepOperation.Import, "to import", "imported"),
        (StepOperation.Update, "to update", "updated"),
        (StepOperation.Replace, "to replace", "replaced"),
        (StepOperation.Delete, "to delete", "deleted"),
        (StepOperation.DeleteReplaced, "left over to delete", "left over deleted"),
        (StepOperation.Discard, "to forget", "forgotten"),
        (StepOperation.Read, "read", "read"),
        (StepOperation.Same, "unchanged", "unchanged"),
    ];

    /// <summary>The whole report.</summary>
    /// <param name="report">What to tell.</param>
    /// <param name="tellsFailures">Whether the failures are told, too, and not by the caller.</param>
    public static IReadOnlyList<StyledLine> Render(ChangeReport report, bool tellsFailures = true)
    {
        List<StyledLine> lines = [StyledLine.Of(report.Title, TextStyle.Heading)];
        var changes = RenderChanges(report);
        if (changes.Count > 0)
        {
            lines.Add(StyledLine.Blank);
            lines.AddRange(changes);
        }

        if (report.Outputs.Count > 0)
        {
            lines.Add(StyledLine.Blank);
            lines.Add(StyledLine.Of("Outputs", TextStyle.Heading));
            lines.AddRange(report.Outputs.SelectMany(output => RenderDifference(output, 2)));
        }

        if (report.NotChecked.Count > 0)
        {
            lines.Add(StyledLine.Blank);
            lines.Add(StyledLine.Of("OFFLINE: planned without an account and without asking a cloud. Not checked:", TextStyle.Warning));
            lines.AddRange(report.NotChecked.Select(matter => StyledLine.Of($"  - {matter}", TextStyle.Warning)));
        }

        foreach (var failure in tellsFailures ? report.Failures : [])
        {
            lines.Add(StyledLine.Blank);
            lines.Add(new StyledLine(new StyledSpan($"{failure.Code}: {failure.Message}", TextStyle.Failure)));
            lines.Add(StyledLine.Of($"  {failure.Remedy}"));
        }

        lines.Add(StyledLine.Blank);
        lines.Add(Summary(report));
        return lines;
    }

    /// <summary>The last line: how many of what. A plan that failed is never taken for one without changes.</summary>
    public static StyledLine Summary(ChangeReport report)
    {
        var parts = Words.Where(word => report.Counts.ContainsKey(word.Operation))
            .Select(word => string.Create(CultureInfo.InvariantCulture, $"{report.Counts[word.Operation]} {(report.IsPreview ? word.Will : word.Did)}"));
        var head = (report.Failures.Count > 0, report.IsPreview, report.Changes.Count) switch
        {
            (false, _, 0) => "No changes: ",
            (true, true, 0) => "No plan: ",
            (true, true, _) => "Incomplete plan: ",
            (true, false, 0) => "Nothing was changed: ",
            _ => "",
        };
        var text = head + string.Join(", ", parts);
        var duration = report.Elapsed is { } elapsed ? string.Create(CultureInfo.InvariantCulture, $" in {elapsed.TotalSeconds:0.0} s") : "";
        return StyledLine.Of($"{(text.EndsWith(": ", StringComparison.Ordinal) ? text[..^2] : text)}{duration}", TextStyle.Heading);
    }

    /// <summary>The sign of an operation, as wide as all others.</summary>
    public static StyledSpan Sign(StepOperation operation) => operation switch
    {
        StepOperation.Create or StepOperation.Import => new StyledSpan("  + ", TextStyle.Added),
        StepOperation.Update or StepOperation.Refresh => new StyledSpan("  ~ ", TextStyle.Changed),
        StepOperation.Replace => new StyledSpan("-/+ ", TextStyle.Replaced),
        StepOperation.Delete or StepOperation.DeleteReplaced => new StyledSpan("  - ", TextStyle.Deleted),
        StepOperation.Discard => new StyledSpan("  x ", TextStyle.Muted),
        _ => new StyledSpan("    "),
    };

    internal static IReadOnlyList<StyledLine> RenderChanges(ChangeReport report)
    {
        var tree = ResourceTree.Build(report.Steps, report.Changes);
        return [.. tree.SelectMany(node => RenderNode(node))];
    }

    private static IEnumerable<StyledLine> RenderNode(ResourceTreeNode node)
    {
        var indent = new string(' ', 2 * node.Depth);
        if (node.Change is not { } step)
        {
            yield return new StyledLine(new StyledSpan($"    {indent}{Urn.Name(node.Urn)}  {node.Type}", TextStyle.Muted));
            yield break;
        }

        var sign = Sign(step.Operation);
        yield return new StyledLine(
            sign, new StyledSpan($"{indent}{step.Name}", sign.Style), new StyledSpan($"  {step.Type}", TextStyle.Muted), new StyledSpan(Note(step), sign.Style));
        var differences = step.Operation is StepOperation.Create or StepOperation.Import && step.Differences.Count == 0
            ? PropertyComparison.Compare(PropertyMap.Empty, step.New?.Inputs ?? PropertyMap.Empty)
            : step.Differences;
        foreach (var line in differences.SelectMany(difference => RenderDifference(difference, 6 + 2 * node.Depth)))
        {
            yield return line;
        }
    }

    private static string Note(ResourceStep step) => step.Operation switch
    {
        StepOperation.Replace => "  (replaced)",
        StepOperation.Discard when step.Old is { RetainOnDelete: true } => "  (kept, no longer managed)",
        StepOperation.Discard => "  (gone)",
        StepOperation.DeleteReplaced => "  (left over from a replacement)",
        StepOperation.Import => "  (imported)",
        _ => "",
    };

    internal static IEnumerable<StyledLine> RenderDifference(PropertyDifference difference, int indent)
    {
        var margin = new string(' ', indent);
        var forces = difference.ForcesReplacement ? "  (forces replacement)" : "";
        switch (difference.Kind)
        {
            case DifferenceKind.Added:
                return RenderValue($"{margin}+ {difference.Path}: ", difference.New, forces, indent + 4, TextStyle.Added);
            case DifferenceKind.Deleted:
                return [new StyledLine(
                    new StyledSpan($"{margin}- {difference.Path}: {ValueText.Inline(difference.Old)}", TextStyle.Deleted), new StyledSpan(forces, TextStyle.Replaced))];
            default:
                return
                [
                    new StyledLine(
                        new StyledSpan($"{margin}~ {difference.Path}: ", TextStyle.Changed),
                        new StyledSpan(ValueText.Inline(difference.Old), TextStyle.Deleted),
                        new StyledSpan(" => "),
                        new StyledSpan(ValueText.Inline(difference.New), TextStyle.Added),
                        new StyledSpan(forces, TextStyle.Replaced)),
                ];
        }
    }

    private static IEnumerable<StyledLine> RenderValue(string head, PropertyValue? value, string tail, int indent, TextStyle style)
    {
        if (!ValueText.IsBlock(value))
        {
            yield return new StyledLine(new StyledSpan(head + ValueText.Inline(value), style), new StyledSpan(tail, TextStyle.Replaced));
            yield break;
        }

        yield return new StyledLine(new StyledSpan(head.TrimEnd(), style), new StyledSpan(tail, TextStyle.Replaced));
        var margin = new string(' ', indent);
        var members = value is PropertyMap map
            ? map.SelectMany(entry => RenderValue($"{margin}{entry.Key}: ", entry.Value, "", indent + 2, style))
            : ((PropertyList)value!).SelectMany(item => RenderItem(item, indent, style));
        foreach (var line in members)
        {
            yield return line;
        }
    }

    /// <summary>The first member of a map stands on the line of the dash, as in YAML.</summary>
    private static IEnumerable<StyledLine> RenderItem(PropertyValue item, int indent, TextStyle style)
    {
        var margin = new string(' ', indent);
        if (item is not PropertyMap { Count: > 0 } map || ValueText.IsMarker(map))
        {
            return RenderValue($"{margin}- ", item, "", indent + 2, style);
        }

        return map.SelectMany((entry, index) => RenderValue($"{margin}{(index == 0 ? "- " : "  ")}{entry.Key}: ", entry.Value, "", indent + 4, style));
    }
}
