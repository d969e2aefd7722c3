using Jeju.Infra.Engine.Projects;
using Jeju.Infra.Engine.Secrets;
using Jeju.Infra.Engine.State;
using Jeju.Infra.Protocol.Properties;

namespace Jeju.Infra.Engine;

/// <summary>Runs one stack: no account, no download, no network.</summary>
/// <param name="options">The stack, its program and where its state is.</param>
public sealed class StackEngine(StackEngineOptions options)
{
    private readonly StateStore _store = new(options.StateDirectory, options.Project.Name, options.Stack, options.Time);

    /// <summary>Where the state is.</summary>
    public string StatePath => _store.FilePath;

    /// <summary>Makes the world what the program says.</summary>
    public Task<RunResult> UpAsync(RunSettings settings, IEngineEvents events, CancellationToken cancellationToken) =>
        RunAsync(RunOperation.Up, isPreview: false, settings, events, cancellationToken);

    /// <summary>Shows what <see cref="UpAsync"/> would do.</summary>
    public Task<RunResult> PreviewAsync(RunSettings settings, IEngineEvents events, CancellationToken cancellationToken) =>
        RunAsync(RunOperation.Up, isPreview: true, settings, events, cancellationToken);

    /// <summary>Makes the state what the world is.</summary>
    public Task<RunResult> RefreshAsync(RunSettings settings, IEngineEvents events, CancellationToken cancellationToken) =>
        RunAsync(RunOperation.Refresh, isPreview: false, settings, events, cancellationToken);

    /// <summary>Shows what <see cref="RefreshAsync"/> would do.</summary>
    public Task<RunResult> PreviewRefreshAsync(RunSettings settings, IEngineEvents events, CancellationToken cancellationToken) =>
        RunAsync(RunOperation.Refresh, isPreview: true, settings, events, cancellationToken);

    /// <summary>Deletes everything that the stack manages.</summary>
    public Task<RunResult> DestroyAsync(RunSettings settings, IEngineEvents events, CancellationToken cancellationToken) =>
        RunAsync(RunOperation.Destroy, isPreview: false, settings, events, cancellationToken);

    /// <summary>Shows what <see cref="DestroyAsync"/> would do.</summary>
    public Task<RunResult> PreviewDestroyAsync(RunSettings settings, IEngineEvents events, CancellationToken cancellationToken) =>
        RunAsync(RunOperation.Destroy, isPreview: true, settings, events, cancellationToken);

    /// <summary>Whether the stack has a state, be it an empty one.</summary>
    public bool Exists => File.Exists(_store.FilePath);

    /// <summary>Gives the stack an empty state.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) =>
        _store.CreateWriter(NewSecrets()).WriteAsync(Snapshot.Empty, durable: true, cancellationToken);

    /// <summary>Removes the state of a stack that manages nothing any more.</summary>
    /// <exception cref="Core.InfraException">JEJU0131: it still manages something.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        using var stackLock = StackLock.Acquire(_store.LockPath, options.Stack, options.Time);
        var snapshot = await LoadStateAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot.Resources.Any(resource => resource is { Custom: true, IsProvider: false, External: false }))
        {
            throw EngineErrors.StackNotEmpty(options.Stack);
        }

        File.Delete(_store.FilePath);
    }

    /// <summary>The configuration of the stack, secrets decrypted.</summary>
    public Task<IReadOnlyDictionary<string, ConfigEntry>> GetConfigAsync(CancellationToken cancellationToken) =>
        new ConfigReader(options, NewSecrets()).ReadAsync(LoadConfig(), cancellationToken);

    /// <summary>Sets an entry in the stack's settings file; a secret is encrypted.</summary>
    /// <param name="key">The key, as <c>namespace:key</c>, or a key of the project.</param>
    /// <param name="entry">The value, in clear.</param>
    /// <param name="cancellationToken">Ends the work before the file is replaced.</param>
    public Task SetConfigAsync(string key, ConfigEntry entry, CancellationToken cancellationToken) =>
        StackConfigEditor.SetAsync(options.Project.StackSettingsPath(options.Stack), QualifiedKey(key), entry, NewSecrets(), cancellationToken);

    /// <summary>Sets one member of a group of settings in the stack's settings file; the group's other members and the comments stay.</summary>
    /// <param name="group">The group's key, as <c>namespace:key</c>, or a key of the project.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="cancellationToken">Ends the work before the file is replaced.</param>
    /// <exception cref="Jeju.Infra.Core.InfraException">JEJU0132: the group is written in one line.</exception>
    public Task SetConfigMemberAsync(string group, string member, string value, CancellationToken cancellationToken) =>
        StackConfigEditor.SetMemberAsync(options.Project.StackSettingsPath(options.Stack), QualifiedKey(group), member, value, cancellationToken);

    /// <summary>Removes an entry from the stack's settings file.</summary>
    public Task RemoveConfigAsync(string key, CancellationToken cancellationToken) =>
        StackConfigEditor.RemoveAsync(options.Project.StackSettingsPath(options.Stack), QualifiedKey(key), cancellationToken);

    /// <summary>The state of the stack.</summary>
    public async Task<Snapshot> LoadStateAsync(CancellationToken cancellationToken) =>
        await _store.LoadAsync(await _store.ReadAsync(cancellationToken).ConfigureAwait(false), NewSecrets()).ConfigureAwait(false);

    /// <summary>The outputs of the stack; empty before its first deployment. Secrets are marked.</summary>
    public async Task<PropertyMap> GetOutputsAsync(CancellationToken cancellationToken) =>
        (await LoadStateAsync(cancellationToken).ConfigureAwait(false)).Root?.Outputs ?? PropertyMap.Empty;

    /// <summary>The state as <c>pulumi stack import</c> reads it; secrets stay encrypted.</summary>
    public Task<string> ExportAsync(CancellationToken cancellationToken) => _store.ExportAsync(cancellationToken);

    /// <summary>Replaces the state by one that was exported, by this engine or by <c>pulumi stack export</c>.</summary>
    public async Task ImportAsync(string exported, CancellationToken cancellationToken)
    {
        using var stackLock = StackLock.Acquire(_store.LockPath, options.Stack, options.Time);
        await _store.ImportAsync(exported, NewSecrets(), cancellationToken).ConfigureAwait(false);
    }

    private StackConfig LoadConfig() =>
        options.Config ?? StackConfig.Load(options.Project.StackSettingsPath(options.Stack), options.Project.Name);

    private string QualifiedKey(string key) => key.Contains(':', StringComparison.Ordinal) ? key : $"{options.Project.Name}:{key}";

    private SecretsSession NewSecrets() => new(options.Stack, options.Passphrase);

    private async Task<RunResult> RunAsync(
        RunOperation operation, bool isPreview, RunSettings settings, IEngineEvents events, CancellationToken cancellationToken)
    {
        using var stackLock = isPreview ? null : StackLock.Acquire(_store.LockPath, options.Stack, options.Time);
        events.OnEvent(new RunStarted(operation, options.Project.Name, options.Stack, isPreview));
        var run = new StackRun(options, _store, NewSecrets(), LoadConfig(), settings, isPreview, events, cancellationToken);
        var result = await run.RunAsync(operation).ConfigureAwait(false);
        events.OnEvent(new RunFinished(result));
        return result;
    }
}
