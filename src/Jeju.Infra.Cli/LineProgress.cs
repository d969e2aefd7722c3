namespace Jeju.Infra.Cli;

/// <summary>Hands each line on at once; the framework's own class would reorder them through its thread pool.</summary>
internal sealed class LineProgress(Action<string> onLine) : IProgress<string>
{
    public void Report(string value) => onLine(value);
}
