using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.EndToEnd.Provider;

/// <summary>A log for handlers that run in the test's own process.</summary>
internal sealed class SilentLog : IResourceLog
{
    public Task ProgressAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task InformationAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WarningAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;
}
