using System.Collections.Immutable;
using Jeju.Infra.Engine;
using Pulumi.Automation.Commands.Exceptions;
using Pulumi.Automation.Hosting;

namespace Pulumi.Automation;

public sealed class WorkspaceStack : IDisposable
{
    private readonly LocalWorkspace _workspace;

    private WorkspaceStack(string name, Workspace workspace)
    {
        Name = name;
        _workspace = (LocalWorkspace)workspace;
    }

    public string Name { get; }

    public Workspace Workspace => _workspace;

    public static async Task<WorkspaceStack> CreateAsync(string name, Workspace workspace, CancellationToken cancellationToken = default)
    {
        await workspace.CreateStackAsync(name, cancellationToken).ConfigureAwait(false);
        return new WorkspaceStack(name, workspace);
    }

    public static async Task<WorkspaceStack> SelectAsync(string name, Workspace workspace, CancellationToken cancellationToken = default)
    {
        await workspace.SelectStackAsync(name, cancellationToken).ConfigureAwait(false);
        return new WorkspaceStack(name, workspace);
    }

    public static async Task<WorkspaceStack> CreateOrSelectAsync(string name, Workspace workspace, CancellationToken cancellationToken = default)
    {
        try
        {
            return await SelectAsync(name, workspace, cancellationToken).ConfigureAwait(false);
        }
        catch (StackNotFoundException)
        {
            return await CreateAsync(name, workspace, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<ConfigValue> GetConfigAsync(string key, CancellationToken cancellationToken = default) => _workspace.GetConfigAsync(Name, key, cancellationToken);

    public Task<ImmutableDictionary<string, ConfigValue>> GetAllConfigAsync(CancellationToken cancellationToken = default) =>
        _workspace.GetAllConfigAsync(Name, cancellationToken);

    public Task SetConfigAsync(string key, ConfigValue value, CancellationToken cancellationToken = default) =>
        _workspace.SetConfigAsync(Name, key, value, cancellationToken);

    public Task SetAllConfigAsync(IDictionary<string, ConfigValue> configMap, CancellationToken cancellationToken = default) =>
        _workspace.SetAllConfigAsync(Name, configMap, cancellationToken);

    public Task RemoveConfigAsync(string key, CancellationToken cancellationToken = default) => _workspace.RemoveConfigAsync(Name, key, cancellationToken);

    public Task<ImmutableDictionary<string, OutputValue>> GetOutputsAsync(CancellationToken cancellationToken = default) =>
        _workspace.GetStackOutputsAsync(Name, cancellationToken);

    public async Task<UpResult> UpAsync(UpOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = Settings(options, options?.Refresh, options?.ExpectNoChanges, options?.Replace);
        var (relay, result, summary) = await RunAsync(
            UpdateKind.Update, options, (engine, events) => engine.UpAsync(settings, events, cancellationToken), options?.Program).ConfigureAwait(false);
        return new UpResult(relay.StandardOutput, relay.StandardError, summary, OutputValues.Read(result.Outputs));
    }

    public async Task<PreviewResult> PreviewAsync(PreviewOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = Settings(options, options?.Refresh, options?.ExpectNoChanges, options?.Replace);
        var (relay, result, _) = await RunAsync(
            UpdateKind.Preview, options, (engine, events) => engine.PreviewAsync(settings, events, cancellationToken), options?.Program).ConfigureAwait(false);
        return new PreviewResult(relay.StandardOutput, relay.StandardError, EventRelay.Changes(result));
    }

    public async Task<UpdateResult> RefreshAsync(RefreshOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = Settings(options, refresh: null, options?.ExpectNoChanges, replace: null);
        var (relay, _, summary) = await RunAsync(
            UpdateKind.Refresh, options, (engine, events) => engine.RefreshAsync(settings, events, cancellationToken), program: null).ConfigureAwait(false);
        return new UpdateResult(relay.StandardOutput, relay.StandardError, summary);
    }

    public async Task<UpdateResult> DestroyAsync(DestroyOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = Settings(options, options?.Refresh, expectNoChanges: null, replace: null);
        var (relay, _, summary) = await RunAsync(
            UpdateKind.Destroy, options, (engine, events) => engine.DestroyAsync(settings, events, cancellationToken), program: null).ConfigureAwait(false);
        return new UpdateResult(relay.StandardOutput, relay.StandardError, summary);
    }

    public void Dispose() => _workspace.Dispose();

    private static RunSettings Settings(UpdateOptions? options, bool? refresh, bool? expectNoChanges, List<string>? replace) => new()
    {
        Parallel = options?.Parallel ?? RunSettings.Default.Parallel,
        Refresh = refresh ?? false,
        ExpectNoChanges = expectNoChanges ?? false,
        Replace = replace ?? [],
    };

    private async Task<(EventRelay Relay, RunResult Result, UpdateSummary Summary)> RunAsync(
        UpdateKind kind, UpdateOptions? options, Func<StackEngine, IEngineEvents, Task<RunResult>> run, PulumiFn? program)
    {
        var relay = new EventRelay(Name, options, LocalWorkspace.Time);
        var start = LocalWorkspace.Time.GetUtcNow();
        var result = await LocalWorkspace.TranslateAsync(() => run(_workspace.Engine(Name, program), relay)).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new CommandException(
                nameof(CommandException),
                string.Join(Environment.NewLine, result.Failures.Select(failure => failure.ToDisplayText())),
                result.Failures[0]);
        }

        return (relay, result, new UpdateSummary(kind, UpdateState.Succeeded, start, LocalWorkspace.Time.GetUtcNow(), EventRelay.Changes(result)));
    }
}
