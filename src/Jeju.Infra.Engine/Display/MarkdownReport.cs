using System.Text;

namespace Jeju.Infra.Engine.Display;

/// <summary>Renders a report for a pull request: a summary, and the changes as a diff that folds away.</summary>
public static class MarkdownReport
{
    /// <summary>GitHub takes comments of 65,536 characters; the rest is left to the log.</summary>
    private const int LongestDiff = 55_000;

    /// <summary>The whole report.</summary>
    public static string Render(ChangeReport report)
    {
        var text = new StringBuilder();
        text.Append("### ").Append(report.Title).Append("\n\n");
        text.Append("**").Append(TextReport.Summary(report with { Elapsed = null })).Append("**\n");
        foreach (var failure in report.Failures)
        {
            text.Append("\n> **").Append(failure.Code).Append("** ").Append(Escape(failure.Message)).Append("  \n> ").Append(Escape(failure.Remedy)).Append('\n');
        }

        var diff = RenderDiff(report);
        if (diff.Length > 0)
        {
            var isLong = diff.Length > LongestDiff;
            text.Append("\n<details").Append(diff.Length < 4_000 ? " open" : "").Append("><summary>Changes</summary>\n\n```diff\n");
            text.Append(isLong ? diff[..diff.LastIndexOf('\n', LongestDiff)] + "\n" : diff);
            text.Append("```\n\n</details>\n");
            if (isLong)
            {
                text.Append("\nThe changes are too long for a comment; the log has all of them.\n");
            }
        }

        if (report.NotChecked.Count > 0)
        {
            text.Append("\n<details><summary>Planned without asking anybody: not checked</summary>\n\n");
            foreach (var matter in report.NotChecked)
            {
                text.Append("- ").Append(Escape(matter)).Append('\n');
            }

            text.Append("\n</details>\n");
        }

        return text.ToString();
    }

    private static string RenderDiff(ChangeReport report)
    {
        var text = new StringBuilder();
        foreach (var node in ResourceTree.Build(report.Steps, report.Changes).Where(node => node.Change is not null))
        {
            var step = node.Change!;
            text.Append(Column(step.Operation)).Append(' ').Append(step.Name).Append(" (").Append(step.Type).Append(')')
                .Append(step.Operation == StepOperation.Replace ? " replaced" : "").Append('\n');
            foreach (var difference in step.Differences)
            {
                AppendDifference(text, difference);
            }
        }

        if (report.Outputs.Count > 0)
        {
            text.Append("  Outputs\n");
            foreach (var difference in report.Outputs)
            {
                AppendDifference(text, difference);
            }
        }

        return text.ToString();
    }

    private static void AppendDifference(StringBuilder text, PropertyDifference difference)
    {
        var forces = difference.ForcesReplacement ? "  (forces replacement)" : "";
        if (difference.Kind is DifferenceKind.Deleted or DifferenceKind.Changed)
        {
            text.Append("-     ").Append(difference.Path).Append(": ").Append(ValueText.Inline(difference.Old)).Append(difference.Kind == DifferenceKind.Deleted ? forces : "").Append('\n');
        }

        if (difference.Kind is DifferenceKind.Added or DifferenceKind.Changed)
        {
            text.Append("+     ").Append(difference.Path).Append(": ").Append(ValueText.Inline(difference.New)).Append(forces).Append('\n');
        }
    }

    /// <summary>The sign by which a diff is coloured: green, red, orange.</summary>
    private static char Column(StepOperation operation) => operation switch
    {
        StepOperation.Create or StepOperation.Import => '+',
        StepOperation.Delete or StepOperation.DeleteReplaced => '-',
        _ => '!',
    };

    private static string Escape(string text) => text.ReplaceLineEndings(" ").Replace("<", "&lt;", StringComparison.Ordinal);
}
