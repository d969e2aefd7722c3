using Jeju.Infra.Engine;
using Jeju.Infra.Engine.Display;

namespace Jeju.Infra.Cli.Display;

/// <summary>Writes what a run does as text: one line per resource that is not as it was, and below it what differs.</summary>
internal static class PlanText
{
    /// <summary>The lines of one step.</summary>
    public static IEnumerable<string> Lines(ResourceStep step)
    {
        StepWords words = StepWords.Of(step.Operation);
        yield return $"{words.Sign} {words.Infinitive} {StepWords.Title(step)}";
        foreach (PropertyDifference difference in step.Differences)
        {
            yield return $"    {Line(difference)}";
        }
    }

    /// <summary>The counts of a run: <c>2 to create, 1 to update, 14 unchanged</c>.</summary>
    public static string Counts(RunResult result)
    {
        List<string> parts = [];
        foreach ((StepOperation operation, int count) in result.Counts.OrderBy(entry => entry.Key == StepOperation.Same).ThenBy(entry => entry.Key))
        {
            StepWords words = StepWords.Of(operation);
            parts.Add(result.IsPreview && operation != StepOperation.Same ? $"{count} to {words.Infinitive}" : $"{count} {words.Done}");
        }

        return parts.Count == 0 ? "nothing there" : string.Join(", ", parts);
    }

    private static string Line(PropertyDifference difference)
    {
        string forced = difference.ForcesReplacement ? "  (forces a replacement)" : string.Empty;
        string change = difference.Kind switch
        {
            DifferenceKind.Added => $"+ {difference.Path}: {PropertyText.InOneLine(difference.New)}",
            DifferenceKind.Deleted => $"- {difference.Path}: {PropertyText.InOneLine(difference.Old)}",
            _ => $"~ {difference.Path}: {PropertyText.InOneLine(difference.Old)} => {PropertyText.InOneLine(difference.New)}",
        };
        return change + forced;
    }
}
