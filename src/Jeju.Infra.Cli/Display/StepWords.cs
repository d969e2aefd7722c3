using Jeju.Infra.Engine;
using Jeju.Infra.Engine.State;
using Spectre.Console;

namespace Jeju.Infra.Cli.Display;

/// <summary>How an operation is written: its sign, its colour, and its word before, during and after.</summary>
/// <param name="Sign">The sign in front of a resource.</param>
/// <param name="Color">Its colour on a terminal.</param>
/// <param name="Infinitive">The word of a plan.</param>
/// <param name="Doing">The word while it runs.</param>
/// <param name="Done">The word once it is done.</param>
internal sealed record StepWords(string Sign, Color Color, string Infinitive, string Doing, string Done)
{
    private static readonly Dictionary<StepOperation, StepWords> All = new()
    {
        [StepOperation.Same] = new(" ", Color.Grey, "keep", "keeping", "unchanged"),
        [StepOperation.Create] = new("+", Color.Green, "create", "creating", "created"),
        [StepOperation.Update] = new("~", Color.Yellow, "update", "updating", "updated"),
        [StepOperation.Replace] = new("±", Color.Fuchsia, "replace", "replacing", "replaced"),
        [StepOperation.DeleteReplaced] = new("±", Color.Fuchsia, "delete replaced", "deleting replaced", "deleted replaced"),
        [StepOperation.Delete] = new("-", Color.Red, "delete", "deleting", "deleted"),
        [StepOperation.Read] = new(">", Color.Blue, "read", "reading", "read"),
        [StepOperation.Refresh] = new("o", Color.Blue, "refresh", "refreshing", "refreshed"),
        [StepOperation.Import] = new("=", Color.Blue, "import", "importing", "imported"),
        [StepOperation.Discard] = new("-", Color.Grey, "discard", "discarding", "discarded"),
    };

    /// <summary>The words of an operation.</summary>
    public static StepWords Of(StepOperation operation) => All[operation];

    /// <summary>A resource in a line of talk: its name, and its type without what is the same for all.</summary>
    public static string Title(ResourceStep step) => $"{step.Name} ({ShortType(step.Type)})";

    private static string ShortType(string type) => type == Urn.StackType ? "stack" : type.Replace(":index:", ":", StringComparison.Ordinal);
}
