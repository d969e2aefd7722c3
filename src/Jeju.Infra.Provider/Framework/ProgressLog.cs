namespace Jeju.Infra.Provider.Framework;

/// <summary>Passes on what an operation waits for. A line that cannot be shown must not end the wait.</summary>
internal sealed class ProgressLog(IResourceLog log, string prefix = "") : IProgress<string>
{
    public void Report(string value) => _ = log.ProgressAsync(prefix + value, CancellationToken.None);
}
