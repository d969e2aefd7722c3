using Jeju.Infra.Provider.Framework;

namespace Jeju.Infra.Tests.Provider;

/// <summary>A log that nobody reads.</summary>
internal sealed class SilentLog : IResourceLog
{
    public Task ProgressAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task InformationAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WarningAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;
}
