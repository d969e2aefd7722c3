using System.Collections.Immutable;

namespace Pulumi.Automation;

public abstract class Workspace : IDisposable
{
    internal Workspace()
    {
    }

    public abstract string WorkDir { get; }

    public abstract IDictionary<string, string?>? EnvironmentVariables { get; set; }

    public abstract PulumiFn? Program { get; set; }

    public abstract Task CreateStackAsync(string stackName, CancellationToken cancellationToken);

    public abstract Task SelectStackAsync(string stackName, CancellationToken cancellationToken);

    public abstract Task RemoveStackAsync(string stackName, CancellationToken cancellationToken = default);

    public abstract Task<ImmutableDictionary<string, OutputValue>> GetStackOutputsAsync(string stackName, CancellationToken cancellationToken = default);

    public abstract Task<ConfigValue> GetConfigAsync(string stackName, string key, CancellationToken cancellationToken = default);

    public abstract Task<ImmutableDictionary<string, ConfigValue>> GetAllConfigAsync(string stackName, CancellationToken cancellationToken = default);

    public abstract Task SetConfigAsync(string stackName, string key, ConfigValue value, CancellationToken cancellationToken = default);

    public abstract Task SetAllConfigAsync(string stackName, IDictionary<string, ConfigValue> configMap, CancellationToken cancellationToken = default);

    public abstract Task RemoveConfigAsync(string stackName, string key, CancellationToken cancellationToken = default);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
