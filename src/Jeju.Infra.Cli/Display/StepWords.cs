using Jeju.Infra.Engine;
using Jeju.Infra.Engine.State;

namespace Jeju.Infra.Cli.Display;

/// <summary>How an operation is written: its sign, its colour, and its word before, during and after.</summary>
/// <param name="Sign">The sign in front of a resource.</param>
/// <param name="Color">Its colour on a terminal.</param>
/// <param name="Infinitive">The word of a plan.</param>
/// <param name="Doing">The word while it runs.</param>
/// <param name="Done">The word once it is done.</param>
internal sealed record StepWords(string Sign, string Color, string Infinitive, string Doing, string Done)
{
    private static readonly Dictionary<StepOperation, StepWords> All = new()
    {
        [StepOperation.Same] = new(" ", "grey", "keep", "keeping", "unchanged"),
        [StepOperation.Create] = new("+", "green", "create", "creating", "created"),
        [StepOperation.Update] = new("~", "yellow", "update", "updating", "updated"),
        [StepOperation.Replace] = new("±", "magenta", "replace", "replacing", "replaced"),
        [StepOperation.DeleteReplaced] = new("±", "magenta", "delete replaced", "deleting replaced", "deleted replaced"),
        [StepOperation.Delete] = new("-", "red", "delete", "deleting", "deleted"),
        [StepOperation.Read] = new(">", "blue", "read", "reading", "read"),
        [StepOperation.Refresh] = new("o", "blue", "refresh", "refreshing", "refreshed"),
        [StepOperation.Import] = new("=", "blue", "import", "importing", "imported"),
        [StepOperation.Discard] = new("-", "grey", "discard", "discarding", "discarded"),
    };

    /// <summary>The words of an operation.</summary>
    public static StepWords Of(StepOperation operation) => All[operation];

    /// <summary>A resource in a line of talk: its name, and its type without what is the same for all.</summary>
    public static string Title(ResourceStep step) => $"{step.Name} ({ShortType(step.Type)})";

    private static string ShortType(string type) => type == Urn.StackType ? "stack" : type.Replace(":index:", ":", StringComparison.Ordinal);
}
